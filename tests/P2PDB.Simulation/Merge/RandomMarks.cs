using System.Collections.Immutable;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Simulation.Merge;

/// <summary>
/// Marks of operations as honest writers make them and as they never would: whatever an entry may carry, all nodes must read
/// alike.
/// </summary>
internal sealed class RandomMarks(Random random)
{
    private static readonly MergePolicy[] Policies =
    [
        MergePolicy.LastWriter, MergePolicy.FirstWriter, MergePolicy.Max, MergePolicy.Min, MergePolicy.Counter,
        MergePolicy.GrowingCounter, MergePolicy.BoundedCounter, MergePolicy.MultiValue, MergePolicy.Set,
    ];

    private readonly SortedSet<PublicKey> _authors = [];
    private readonly PublicKey _stranger = new([.. Enumerable.Repeat((byte)7, PublicKey.Length)]);

    private static readonly Collation[] Collations = [Collation.Binary, Collation.Default, Collation.Utf8Mb4Bin];

    /// <summary>
    /// Marks for some columns of a row operation whose image holds the columns of the bitmap, or all where it is empty; nothing
    /// where all stay plain. Deltas may come without a value. With the least version of marks that names all of their policies.
    /// </summary>
    public (int Version, byte[] Bytes) For(
        TableSchema table, ReadOnlySpan<byte> bitmap, StoredLayout layout, ReadOnlySpan<byte> image, PublicKey author)
    {
        _authors.Add(author);
        List<CellMark> marks = [];
        for (int i = 0; i < table.WriteLayout.Columns.Length; i++)
        {
            bool hasValue = bitmap.IsEmpty || (bitmap[i >> 3] >> (i & 7) & 1) != 0;
            bool isKey = table.Columns[i].IsInPrimaryKey;
            StoredColumn column = table.WriteLayout.Columns[i];
            if (random.Next(isKey ? 60 : 2) == 0 && (hasValue || CellMarks.IsCountable(column.Code) || column.Code == StorageCode.Bytes))
            {
                if (column.Code == StorageCode.Bytes && (!hasValue || random.Next(2) == 0))
                {
                    CellValue? value = hasValue ? CellRegisters.Shown(layout, image, layout.PositionOf(column.Id)) : null;
                    marks.Add(OfText(i, column, value is { IsNull: false } text ? text.Bytes.Length : 0, hasValue));
                    continue;
                }

                CellMark mark = Mark(table, i, column, hasValue, author);
                List<string> members = [];
                if (hasValue && SetMembers.IsFormOf(column.Code) && random.Next(2) == 0
                    && (SetMembers.TryRead(CellRegisters.Shown(layout, image, layout.PositionOf(column.Id)), members) || random.Next(20) == 0))
                {
                    mark = OfSet(mark, members);
                }

                marks.Add(mark);
            }
        }

        using ByteWriter written = new();
        if (marks.Count > 0)
            CellMarks.Write(written, marks);
        return (marks.Count == 0 ? 1 : marks.Max(mark => mark.Lane.Policy.MarksVersion()), written.Written.ToArray());
    }

    private CellMark Mark(TableSchema table, int position, StoredColumn column, bool hasValue, PublicKey author)
    {
        // Mostly one policy for a column, so that writers meet in a lane.
        MergePolicy policy = random.Next(6) == 0
            ? Policies[random.Next(Policies.Length)]
            : Policies[(int)(column.Id.Value % (ulong)Policies.Length)];
        bool isCountable = CellMarks.IsCountable(column.Code);
        if (!hasValue && !policy.IsCounter())
            policy = random.Next(2) == 0 ? MergePolicy.Counter : MergePolicy.BoundedCounter;
        else if (policy == MergePolicy.Set)
            policy = MergePolicy.FirstWriter; // sets are made of what the image has, below
        else if (policy.IsCounter() && !isCountable)
            policy = MergePolicy.Max;
        bool isCounter = policy == MergePolicy.Counter;
        ulong generation = (ulong)(random.Next(8) == 0 ? random.Next(3) : 0);
        SqlType type = table.Columns[position].Type;
        return new CellMark
        {
            Position = position,
            Column = column,
            HasValue = hasValue,
            Lane = new Lane(policy == MergePolicy.LastWriter ? generation + 1 : generation, policy),
            Collation = CellMarks.HasCollation(policy, column.Code) ? Collations[random.Next(Collations.Length)].Id : 0,
            Digits = policy.IsCounter() && type.Kind == SqlTypeKind.Decimal ? type.Precision : 0,
            Total = isCounter && (!hasValue || random.Next(3) == 0) ? RandomTotal(column) : null,
            Rights = policy.HasRights() ? Rights(column, policy, author) : null,
            Seen = isCounter && hasValue && random.Next(2) == 0 ? Seen(column, author)
                : policy == MergePolicy.MultiValue ? SeenValues() : [],
        };
    }

    /// <summary>A set of which its writer knows what it may, or not; now and then of one member too many.</summary>
    private CellMark OfSet(CellMark mark, List<string> members)
    {
        ImmutableArray<SeenTotal> seen = random.Next(3) == 0 ? [] : SeenValues();
        int count = members.Count + (random.Next(30) == 0 ? 1 : 0);
        return mark with
        {
            Lane = new Lane(mark.Lane.Generation, MergePolicy.Set),
            Collation = 0,
            Digits = 0,
            Total = null,
            Rights = null,
            Seen = seen,
            Dots = [.. Enumerable.Range(0, count).Select(_ => Dots(seen))],
        };
    }

    private ImmutableArray<MemberDot> Dots(ImmutableArray<SeenTotal> seen)
    {
        List<MemberDot> dots = [.. Enumerable.Range(1, seen.Length).Where(_ => random.Next(2) == 0)
            .Select(author => new MemberDot(author, Math.Max(1, (ulong)seen[author - 1].Total.Unscaled - (ulong)random.Next(3))))];
        if (dots.Count == 0 || random.Next(2) == 0)
            dots.Insert(0, new MemberDot(0, random.Next(2) == 0 ? 0 : (ulong)random.Next(1_000, 1_080)));
        return [.. dots];
    }

    /// <summary>A text that its writer edited as it may, or never could have; now and then of another length than its bytes.</summary>
    private CellMark OfText(int position, StoredColumn column, int length, bool hasValue)
    {
        bool hasText = !hasValue || random.Next(2) == 0;
        SortedDictionary<(int, ulong), TextInsertion> insertions = [];
        for (int count = hasText ? random.Next(4) : Math.Min(1, length); count > 0; count--)
        {
            (int author, ulong time) = Written();
            ImmutableArray<TextRun> runs = Runs(hasText ? random.Next(1, 5) : length);
            bool isFormer = author != 0 ? random.Next(30) > 0 : time != 0 && random.Next(3) == 0; // others' are former values, or the entry is void
            if (isFormer && random.Next(30) > 0)
                runs = [new TextRun(runs.Sum(run => run.Length), TextPlace.Root)]; // in one run, or the entry is void
            insertions[(author, unchecked(time - 1))] = new TextInsertion(author, time, runs, isFormer);
        }

        List<TextRange> removed = [];
        foreach ((int author, ulong time) in Enumerable.Range(0, hasText ? random.Next(4) : 0).Select(_ => Written()).Distinct()
            .OrderBy(one => one.Author).ThenBy(one => unchecked(one.Time - 1)))
        {
            removed.Add(new TextRange(author, time, random.Next(3), 1 + random.Next(3)));
        }

        TextEdits edits = new()
        {
            Limit = new TextLimit((uint)random.Next(12), random.Next(2) == 0),
            Authors = [.. _authors],
            Base = random.Next(6) switch
            {
                0 => new TextName(0, 0),
                1 or 2 => new TextName(random.Next(_authors.Count + 1), 1_020),
                _ => null,
            },
            Insertions = [.. insertions.Values],
            Removed = [.. removed],
        };
        long letters = random.Next(30) == 0 ? edits.TextLength + 1 : edits.TextLength;
        return new CellMark
        {
            Position = position,
            Column = column,
            HasValue = hasValue,
            Lane = new Lane((ulong)(random.Next(8) == 0 ? random.Next(3) : 0), MergePolicy.Text),
            Edits = edits,
            Text = hasText ? [.. Enumerable.Range(0, (int)letters).Select(_ => (byte)random.Next('a', 'z'))] : null,
        };
    }

    /// <summary>Mostly the operation at hand, else one of any author at any time.</summary>
    private (int Author, ulong Time) Written() => random.Next(2) == 0 ? (0, 0) : (random.Next(_authors.Count + 1), (ulong)random.Next(1_000, 1_080));

    private ImmutableArray<TextRun> Runs(int length)
    {
        List<TextRun> runs = [];
        for (int next = 0; next < length;)
        {
            int count = random.Next(1, length - next + 1);
            (int author, ulong time) = Written();
            TextPlace place = random.Next(4) == 0 ? TextPlace.Root : new TextPlace(author, time, random.Next(Math.Max(next, 1)), random.Next(2) == 0);
            runs.Add(new TextRun(count, place));
            next += count;
        }

        return [.. runs];
    }

    private ImmutableArray<SeenTotal> Seen(StoredColumn column, PublicKey author)
    {
        List<SeenTotal> seen = [new SeenTotal(author, RandomTotal(column))];
        if (random.Next(3) == 0)
        {
            byte[] unknown = new byte[PublicKey.Length];
            random.NextBytes(unknown);
            seen.Add(new SeenTotal(new PublicKey(unknown), RandomTotal(column)));
        }

        return [.. seen.OrderBy(total => total.Author)];
    }

    /// <summary>Rights as nobody honest states them: they shrink as often as they grow, and more is used than there is.</summary>
    private CounterRights Rights(StoredColumn column, MergePolicy policy, PublicKey author)
    {
        CounterRights rights = CounterRights.None;
        bool isBounded = policy == MergePolicy.BoundedCounter;
        for (int count = random.Next(4); count > 0; count--)
        {
            var form = (GrantForm)random.Next(isBounded ? 4 : 2);
            rights = rights.With(form, form == GrantForm.Made ? default : random.Next(2) == 0 ? author : _stranger, RandomAmount(column));
        }

        return isBounded && random.Next(2) == 0 ? rights with { Used = RandomAmount(column) } : rights;
    }

    /// <summary>Values of some authors, of any time: as their writer may have seen them, or not.</summary>
    private ImmutableArray<SeenTotal> SeenValues() =>
        [.. _authors.Where(_ => random.Next(2) == 0).Select(author => new SeenTotal(author, new ExactNumber(random.Next(1_000, 1_080), 0)))];

    private ExactNumber RandomAmount(StoredColumn column) => new(random.Next(0, 300), column.Scale);

    private ExactNumber RandomTotal(StoredColumn column) => new(random.Next(-200, 300), column.Scale);
}
