using System.Collections.Immutable;
using P2PDB.Engine.Apply;
using P2PDB.Engine.Apply.Registers;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Apply;

/// <summary>
/// One cell under each policy: what a set of writes means does not depend on their order, grouping or repetition, and is what a
/// single table would say where nothing was concurrent.
/// </summary>
public sealed class PolicyMergeTests : IDisposable
{
    private static readonly StoredColumn Number = new(new ColumnId(1), StorageCode.I64, 0);
    private static readonly StoredColumn Text = new(new ColumnId(2), StorageCode.Bytes, 0);
    private static readonly StoredColumn Plain = new(new ColumnId(3), StorageCode.I32, 0);
    private static readonly StoredColumn Tags = new(new ColumnId(4), StorageCode.Json, 0);
    private static readonly StoredColumn[] All = [Number, Text, Plain, Tags];

    private static readonly PublicKey Stranger = new([.. Enumerable.Repeat((byte)7, PublicKey.Length)]);

    private readonly NumberedChains _chains = new();
    private readonly RowMerge _merge = new();
    private readonly RowLayouts _layouts = new();

    public static TheoryData<int, int> Cases
    {
        get
        {
            TheoryData<int, int> cases = [];
            foreach (MergePolicy policy in PoliciesUnderTest)
            {
                for (int seed = 1; seed <= 15; seed++)
                    cases.Add((int)policy, seed);
            }

            return cases;
        }
    }

    private static MergePolicy[] PoliciesUnderTest =>
    [
        MergePolicy.LastWriter, MergePolicy.FirstWriter, MergePolicy.Max, MergePolicy.Min, MergePolicy.Counter,
        MergePolicy.GrowingCounter, MergePolicy.BoundedCounter, MergePolicy.MultiValue, MergePolicy.Set, MergePolicy.Text,
    ];

    public void Dispose() => _merge.Dispose();

    [Theory, MemberData(nameof(Cases))]
    public void Order_and_repetition_do_not_matter(int policy, int seed)
    {
        Random random = new(seed);
        List<Write> writes = [.. Enumerable.Range(0, 2 + random.Next(10)).Select(_ => RandomWrite(random, (MergePolicy)policy))];
        writes = [.. writes.DistinctBy(write => write.Stamp)];
        DefinitionStamp floor = _chains.Expand(writes[random.Next(writes.Count)].Stamp);
        byte[] together = Fold([], writes);
        string expected = Describe(together);
        string expectedCut = Describe(Cut(together, floor));

        for (int i = 0; i < 20; i++)
        {
            Write[] shuffled = [.. writes, .. writes.Where(_ => random.Next(3) == 0)];
            random.Shuffle(shuffled);
            byte[] record = Fold([], shuffled);
            Assert.Equal(expected, Describe(record));

            // TRUNCATE in the middle: what it takes back never comes, or is taken back later, wherever the writes stood.
            int at = random.Next(shuffled.Length + 1);
            byte[] cut = Fold(Cut(Fold([], shuffled[..at]), floor), [.. shuffled[at..].Where(write => _chains.IsLater(write.Stamp, floor))]);
            Assert.Equal(expectedCut, Describe(cut));
        }
    }

    [Theory]
    [InlineData((int)MergePolicy.LastWriter, 3)]
    [InlineData((int)MergePolicy.FirstWriter, 5)]
    [InlineData((int)MergePolicy.Max, 9)]
    [InlineData((int)MergePolicy.Min, 3)]
    public void Concurrent_values_of_three_authors_merge_by_the_policy(int policy, int expected)
    {
        var lane = new Lane(1, (MergePolicy)policy);
        byte[] record = Fold([],
        [
            Set(Stamp(10, 0, 0), lane, 5), Set(Stamp(11, 1, 0), lane, 9), Set(Stamp(12, 2, 0), lane, 3),
            Set(Stamp(9, 2, 1), lane, null),
        ]);

        Assert.Equal(expected, NumberIn(record));
    }

    [Theory]
    [InlineData((int)MergePolicy.FirstWriter)]
    [InlineData((int)MergePolicy.Max)]
    [InlineData((int)MergePolicy.Min)]
    public void Only_NULL_shows_NULL(int policy)
    {
        byte[] record = Fold([], [Set(Stamp(10, 0, 0), new Lane(0, (MergePolicy)policy), null)]);

        Assert.Null(NumberIn(record));
    }

    [Fact]
    public void Strings_compare_by_the_collation_that_the_latest_write_names()
    {
        // In bytes "B" is less than "a", for people it is greater.
        byte[] bytewise = Fold([], [Name(1, 0, "a", Collation.Binary), Name(2, 1, "B", Collation.Binary)]);
        byte[] altered = Fold([], [Name(1, 0, "a", Collation.Binary), Name(2, 1, "B", Collation.Default)]);

        Assert.Equal("a", TextIn(bytewise));
        Assert.Equal("B", TextIn(altered));
    }

    [Fact]
    public void A_later_generation_supersedes_what_its_writer_saw_and_what_it_did_not()
    {
        byte[] record = Fold([],
        [
            Set(Stamp(10, 0, 0), new Lane(0, MergePolicy.Max), 100), Set(Stamp(11, 1, 0), new Lane(1, MergePolicy.Max), 7),
            Set(Stamp(12, 0, 0), new Lane(0, MergePolicy.Max), 200), Set(Stamp(13, 2, 0), new Lane(1, MergePolicy.Max), 5),
        ]);

        Assert.Equal(7, NumberIn(record));
    }

    [Fact]
    public void Deltas_of_all_authors_count_beside_the_newest_base()
    {
        var lane = new Lane(0, MergePolicy.Counter);
        SeenTotal seen = new(_chains.AuthorOf(1).Key, new ExactNumber(3, 0));
        byte[] record = Fold([],
        [
            Set(Stamp(10, 0, 0), lane, 10), Add(Stamp(11, 1, 0), lane, 3), Add(Stamp(12, 2, 0), lane, -4),
            Set(Stamp(13, 0, 0), lane, 100, seen), Add(Stamp(14, 1, 0), lane, 5),
        ]);

        // The base had seen 3 of the first author's 5, and nothing of the second's.
        Assert.Equal(100 + 2 - 4, NumberIn(record));
    }

    [Fact]
    public void A_counter_shows_the_nearest_value_of_its_range_and_forgets_nothing()
    {
        var lane = new Lane(0, MergePolicy.Counter);
        Write[] writes =
        [
            Set(Stamp(10, 0, 0), lane, long.MaxValue - 1), Add(Stamp(11, 1, 0), lane, 10), Add(Stamp(12, 2, 0), lane, -10),
        ];

        Assert.Equal(long.MaxValue, NumberIn(Fold([], writes[..2])));
        Assert.Equal(long.MaxValue - 1, NumberIn(Fold([], writes)));
    }

    [Fact]
    public void A_value_takes_the_place_of_those_its_writer_saw_alone()
    {
        var lane = new Lane(0, MergePolicy.MultiValue);
        SeenTotal[] both = [Saw(0, 10), Saw(1, 9)];
        Array.Sort(both, static (left, right) => left.Author.CompareTo(right.Author));
        Write[] writes =
        [
            Set(Stamp(10, 0, 0), lane, 1), Set(Stamp(11, 1, 0), lane, 2), Set(Stamp(12, 2, 0), lane, 3, [.. both]),
            Set(Stamp(13, 0, 0), lane, 4),
        ];

        Assert.Equal("1,2", ValuesIn(writes[..2], lane));
        Assert.Equal("2,3", ValuesIn(writes[..3], lane));
        Assert.Equal("2,3,4", ValuesIn(writes, lane));
        Assert.Equal(4, NumberIn(Fold([], writes)));
    }

    [Fact]
    public void Values_that_all_claim_to_have_seen_each_other_all_stand()
    {
        var lane = new Lane(0, MergePolicy.MultiValue);

        Assert.Equal("1,2", ValuesIn([Set(Stamp(10, 0, 0), lane, 1, Saw(1, 99)), Set(Stamp(11, 1, 0), lane, 2, Saw(0, 99))], lane));
    }

    [Fact]
    public void Adding_wins_over_removing_what_was_added_apart()
    {
        Write first = Tag(Stamp(10, 0, 0), "[1, 2]", [], [New], [New]);
        Write without = Tag(Stamp(11, 1, 0), "[2]", [Saw(0, 10)], [new MemberDot(1, 10)]);
        Write again = Tag(Stamp(12, 2, 0), "[2, 1]", [Saw(0, 10)], [new MemberDot(1, 10)], [New, new MemberDot(1, 10)]);
        Write more = Tag(Stamp(13, 2, 0), "[1, 2, 3]", [Saw(0, 10)], [new MemberDot(1, 10)], [new MemberDot(1, 10)], [New]);

        Assert.Equal("[2]", TagsIn([first, without]));
        Assert.Equal("[2, 1]", TagsIn([first, without, again]));
        Assert.Equal("[2, 3]", TagsIn([first, without, more])); // who only had 1 did not add it
    }

    [Fact]
    public void Sets_made_apart_have_all_members_the_latest_writers_first()
    {
        Assert.Equal("[3, 1, 2]", TagsIn([Tag(Stamp(10, 0, 0), "[1, 2]", [], [New], [New]), Tag(Stamp(11, 1, 0), "[3, 1]", [], [New], [New])]));
        Assert.Equal("[1]", TagsIn([Tag(Stamp(10, 0, 0), "[1]", [], [New]), Tag(Stamp(11, 1, 0), null, [])]));
        Assert.Null(TagsIn([Tag(Stamp(10, 0, 0), "[1]", [], [New]), Tag(Stamp(11, 1, 0), null, [Saw(0, 10)])]));
        Assert.Equal("[]", TagsIn([Tag(Stamp(10, 0, 0), "[1]", [], [New]), Tag(Stamp(11, 1, 0), "[]", [Saw(0, 10)])]));
    }

    [Fact]
    public void Nobody_takes_away_what_is_added_after_its_own_word()
    {
        Write liar = Tag(Stamp(10, 1, 0), "[]", [Saw(0, ulong.MaxValue)]);

        Assert.Equal("[1]", TagsIn([liar, Tag(Stamp(11, 0, 0), "[1]", [], [New])]));
        Assert.Equal("[1]", TagsIn([liar, Tag(Stamp(10, 0, 0), "[1]", [], [New])]));
        Assert.Equal("[]", TagsIn([liar, Tag(Stamp(9, 0, 0), "[1]", [], [New])]));
    }

    /// <summary>Replicas that read, add and take away, and hear of each other in any order: as a set of addings that each saw would have it.</summary>
    [Fact]
    public void Sets_of_honest_authors_are_what_was_added_and_not_seen_removed()
    {
        for (int seed = 1; seed <= 50; seed++)
            RunReplicas(new Random(seed));
    }

    [Theory]
    [InlineData((int)MergePolicy.GrowingCounter)]
    [InlineData((int)MergePolicy.BoundedCounter)]
    public void What_an_author_takes_back_of_rights_it_stated_has_no_effect(int policy)
    {
        var lane = new Lane(0, (MergePolicy)policy);
        byte[] record = Fold([],
        [
            State(Stamp(10, 0, 0), lane, Made(10)), State(Stamp(11, 1, 0), lane, Made(5)), State(Stamp(12, 0, 0), lane, Made(3)),
        ]);

        Assert.Equal(15, NumberIn(record));
    }

    [Fact]
    public void A_growing_counter_keeps_what_its_author_said_after_a_TRUNCATE_that_came_late()
    {
        var lane = new Lane(0, MergePolicy.GrowingCounter);
        Write[] writes = [State(Stamp(10, 0, 0), lane, Made(10)), State(Stamp(12, 0, 0), lane, Made(3))];

        Assert.Equal(3, NumberIn(Cut(Fold([], writes), _chains.Expand(Stamp(11, 1, 0)))));
    }

    [Fact]
    public void More_uses_than_rights_show_nothing_below_zero()
    {
        var lane = new Lane(0, MergePolicy.BoundedCounter);
        byte[] record = Fold([],
        [
            State(Stamp(10, 0, 0), lane, Made(10)), State(Stamp(11, 1, 0), lane, CounterRights.None with { Used = new ExactNumber(11, 0) }),
        ]);

        Assert.Equal(0, NumberIn(record));
    }

    [Fact]
    public void A_counter_that_nobody_brought_anything_into_is_NULL()
    {
        byte[] record = Fold([], [State(Stamp(10, 0, 0), new Lane(0, MergePolicy.BoundedCounter), CounterRights.None)]);

        Assert.Null(NumberIn(record));
    }

    [Fact]
    public void The_record_of_a_counter_with_rights_has_its_golden_bytes()
    {
        byte[] record = Fold([], [State(Stamp(0x0102, 3, 4), new Lane(0, MergePolicy.BoundedCounter), Made(7) with { Used = new ExactNumber(2, 0) })]);

        Assert.Equal("30" + "01" + "16" + "0000000000000000" + "00" + "00" + "01" + "00" + "0201000000000000" + "03" + "04" + "19"
            + "01" + "00" + "01" + "07" + "0201000000000000" + "03" + "04" + "0a" + "00" + "00" + "000102" + "01" + "00000107"
            + "000500000000000000", Convert.ToHexStringLower(record));
    }

    [Fact]
    public void The_record_of_a_row_with_registers_has_its_golden_bytes()
    {
        byte[] record = Fold([],
        [
            Set(Stamp(0x0102, 3, 4), new Lane(0, MergePolicy.Max), 7), Set(Stamp(0x0103, 1, 0), new Lane(0, MergePolicy.Max), 5),
        ]);

        Assert.Equal("38" + "00" + "20" + "0000000000000000" + "00" + "00" + "0301000000000000" + "01" + "00"
            + "01" + "00" + "0201000000000000" + "03" + "04" + "29"
            + "01" + "00" + "02" + "04" + "0201000000000000" + "03" + "04" + "02" + "00"
            + "00" + "0301000000000000" + "01" + "00" + "02" + "00" + "09" + "00" + "09" + "000500000000000000"
            + "000700000000000000", Convert.ToHexStringLower(record));
    }

    [Fact]
    public void The_record_of_a_set_has_its_golden_bytes()
    {
        byte[] record = Fold([], [Tag(Stamp(0x0102, 3, 4), "[7]", [Saw(0, 9)], [New, new MemberDot(1, 8)])]);

        Assert.Equal("30" + "00" + "16" + "0000000000000000" + "00" + "00" + "01" + "00" + "0201000000000000" + "03" + "04" + "3a"
            + "01" + "00" + "01" + "0c" + "0201000000000000" + "03" + "04" + "05" + "00"
            + "01" + Convert.ToHexStringLower(_chains.AuthorOf(0).Key.AsSpan()) + "000109" + "01" + "02" + "0000" + "0101"
            + "00" + "03000000" + "5b375d", Convert.ToHexStringLower(record));
    }

    [Fact]
    public void The_record_of_a_text_has_its_golden_bytes()
    {
        TextEdits edits = new()
        {
            Limit = new TextLimit(255, true),
            Authors = [_chains.AuthorOf(0).Key],
            Base = new TextName(1, 5),
            Insertions = [new TextInsertion(0, 0, [new TextRun(2, new TextPlace(1, 5, 0, true))])],
            Removed = [new TextRange(1, 5, 0, 3)],
        };
        Write write = new(OpKind.MarkedUpdate5, Stamp(0x0102, 3, 4), [Text], Image([Text], null, "hi"), [Mark(Text, new Lane(0, MergePolicy.Text)) with { Edits = edits }]);

        Assert.Equal("30" + "00" + "16" + "0000000000000000" + "00" + "00" + "01" + "00" + "0201000000000000" + "03" + "04" + "42"
            + "01" + "00" + "01" + "04" + "0201000000000000" + "03" + "04" + "06" + "00"
            + "ff03" + "01" + Convert.ToHexStringLower(_chains.AuthorOf(0).Key.AsSpan()) + "0205" + "01" + "0000" + "01" + "02040500" + "01" + "01050003"
            + "00" + "02000000" + "6869", Convert.ToHexStringLower(Fold([], [write])));
    }

    /// <summary>Words may be long: who writes another column does not read them. It shows by a fault in reading that is not noticed.</summary>
    [Fact]
    public void What_an_operation_leaves_alone_is_not_read_again()
    {
        TextEdits edits = new()
        {
            Limit = new TextLimit(255, true),
            Insertions = [new TextInsertion(0, 0, [new TextRun(1, TextPlace.Root), new TextRun(1, new TextPlace(0, 0, 0, true))])],
        };
        Write text = new(OpKind.MarkedUpdate5, Stamp(1, 0, 0), [Text], Image([Text], null, "ab"), [Mark(Text, new Lane(0, MergePolicy.Text)) with { Edits = edits }]);
        byte[] record = Fold([], [text]);
        using RowMerge faulty = new(new MergeFaults { AreSidesForgotten = true });
        using ByteWriter target = new();
        Write number = Set(Stamp(2, 1, 0), new Lane(0, MergePolicy.Max), 7);

        Assert.True(faulty.TryUpdate(_layouts, _chains, record, number.Stamp, _layouts.Get(number.Columns), number.Image, number.Marks, target));
        Assert.Equal("ba", TextIn(target.Written.ToArray()));
        Assert.True(faulty.TryUpdate(_layouts, _chains, target.Written.ToArray(), Stamp(3, 0, 0), _layouts.Get(text.Columns), text.Image, text.Marks, target));
    }

    /// <summary>The same of a word that a new beginning superseded before it came.</summary>
    [Fact]
    public void A_word_of_a_lower_lane_does_not_have_a_cell_read_again()
    {
        TextEdits edits = new()
        {
            Limit = new TextLimit(255, true),
            Insertions = [new TextInsertion(0, 0, [new TextRun(1, TextPlace.Root), new TextRun(1, new TextPlace(0, 0, 0, true))])],
        };
        Write Word(Stamp stamp, ulong generation) => new(
            OpKind.MarkedUpdate5, stamp, [Text], Image([Text], null, "ab"), [Mark(Text, new Lane(generation, MergePolicy.Text)) with { Edits = edits }]);
        byte[] record = Fold([], [Word(Stamp(1, 0, 0), 1)]);
        using RowMerge faulty = new(new MergeFaults { AreSidesForgotten = true });
        using ByteWriter target = new();
        Write lower = Word(Stamp(2, 1, 0), 0);

        Assert.True(faulty.TryUpdate(_layouts, _chains, record, lower.Stamp, _layouts.Get(lower.Columns), lower.Image, lower.Marks, target));
        Assert.Equal("ba", TextIn(target.Written.ToArray()));
        record = target.Written.ToArray();
        target.Clear();
        Write higher = Word(Stamp(3, 1, 0), 1);
        Assert.True(faulty.TryUpdate(_layouts, _chains, record, higher.Stamp, _layouts.Get(higher.Columns), higher.Image, higher.Marks, target));
        Assert.NotEqual("baba", TextIn(target.Written.ToArray()));
    }

    private static Stamp Stamp(ulong hlc, int chain, uint op) => new(new HlcTimestamp(hlc), chain, op);

    private static CellMark Mark(StoredColumn column, Lane lane) => new()
    {
        Position = 0,
        Column = column,
        Lane = lane,
        HasValue = true,
        Collation = CellMarks.HasCollation(lane.Policy, column.Code) ? Collation.Default.Id : 0,
    };

    private static Write Set(Stamp stamp, Lane lane, long? value, params ImmutableArray<SeenTotal> seen) =>
        new(OpKind.MarkedUpdate, stamp, [Number], Image([Number], value, ""), [Mark(Number, lane) with { Seen = seen }]);

    private static Write Add(Stamp stamp, Lane lane, long total) => new(
        OpKind.MarkedUpdate, stamp, [], [],
        [Mark(Number, lane) with { HasValue = false, Total = new ExactNumber(total, 0) }]);

    private static Write Name(ulong hlc, int chain, string value, Collation collation) => new(
        OpKind.MarkedUpdate, Stamp(hlc, chain, 0), [Text], Image([Text], null, value),
        [Mark(Text, new Lane(0, MergePolicy.Max)) with { Collation = collation.Id }]);

    private static MemberDot New => default;

    private static Write Tag(Stamp stamp, string? value, ImmutableArray<SeenTotal> seen, params ImmutableArray<ImmutableArray<MemberDot>> dots) =>
        new(OpKind.MarkedUpdate4, stamp, [Tags], Image([Tags], null, value), [Mark(Tags, new Lane(0, MergePolicy.Set)) with { Seen = seen, Dots = dots }]);

    /// <summary>Three authors' writes over what each has heard; the model keeps each adding by itself, and who removed which.</summary>
    private void RunReplicas(Random random)
    {
        List<Write>[] heard = [[], [], []];
        List<(string Member, int Id)>[] model = [[], [], []];
        HashSet<int>[] removed = [[], [], []];
        int added = 0;
        for (ulong time = 1; time <= 40; time++)
        {
            int own = random.Next(3);
            if (random.Next(3) == 0)
            {
                int other = random.Next(3);
                heard[own] = [.. heard[own].Union(heard[other])];
                model[own] = [.. model[own].Union(model[other])];
                removed[own].UnionWith(removed[other]);
                continue;
            }

            List<string> former = [.. Standing(own)];
            List<string> members = [.. former.Where(_ => random.Next(4) > 0).Union([$"{random.Next(6)}"])];
            SetKnowledge known = new(_chains.AuthorOf(own).Key);
            known.Load(RegistersIn(Fold([], heard[own])).ConvertAll(register => new SetWord(_chains.AuthorOf(register.Chain).Key, register)));
            heard[own].Add(Tag(Stamp(time, own, 0), $"[{string.Join(", ", members)}]", known.Seen, [.. known.DotsOf(members, former)]));
            removed[own].UnionWith(model[own].Where(adding => !members.Contains(adding.Member)).Select(adding => adding.Id));
            model[own].AddRange(members.Except(former).Select(member => (member, added++)));
            Assert.Equal($"[{string.Join(", ", members)}]", TagsIn([.. heard[own]])); // nothing concurrent that it had not seen
        }

        for (int own = 0; own < 3; own++)
        {
            Write[] shuffled = [.. heard[own], .. heard[own]];
            random.Shuffle(shuffled);
            Assert.Equal(Standing(own).Order(), TagsIn(shuffled)?.Trim('[', ']').Split(", ", StringSplitOptions.RemoveEmptyEntries).Order() ?? Enumerable.Empty<string>());
        }

        IEnumerable<string> Standing(int own) =>
            model[own].Where(adding => !removed[own].Contains(adding.Id)).Select(adding => adding.Member).Distinct();
    }

    private string? TagsIn(Write[] writes)
    {
        byte[] record = Fold([], writes);
        if (record.Length == 0)
            return null;
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = _layouts[row.LayoutNumber];
        int position = layout.PositionOf(Tags.Id);
        return RowLayout.IsNull(row.Image, position) ? null : System.Text.Encoding.UTF8.GetString(layout.Layout.GetBytes(row.Image, position));
    }

    private List<CellRegister> RegistersIn(byte[] record)
    {
        if (record.Length == 0)
            return [];
        StoredRow row = StoredRow.Read(record);
        return CellRegisters.ReadAll(row, _layouts[row.LayoutNumber]);
    }

    private SeenTotal Saw(int chain, ulong hlc) => new(_chains.AuthorOf(chain).Key, new ExactNumber(hlc, 0));

    private Write RandomWrite(Random random, MergePolicy policy)
    {
        Stamp stamp = Stamp((ulong)(1 + random.Next(5)), random.Next(3), (uint)random.Next(3));
        int choice = random.Next(10);
        if (choice == 0)
            return new Write(OpKind.Delete, stamp, [], [], []);
        StoredColumn[] columns = [.. All.Where(_ => random.Next(3) > 0)];
        ulong generation = (ulong)random.Next(3);
        int members = random.Next(3);
        List<CellMark> marks = [];
        foreach (StoredColumn column in columns.Where(_ => random.Next(4) > 0))
        {
            MergePolicy own = (policy.IsCounter() && !CellMarks.IsCountable(column.Code)) || (policy == MergePolicy.Set && column != Tags) || (policy == MergePolicy.Text && column != Text) ? MergePolicy.Max : policy;
            Lane lane = new(own == MergePolicy.LastWriter ? generation + 1 : generation, own);
            bool hasTotal = own == MergePolicy.Counter && random.Next(2) == 0;
            marks.Add(Mark(column, lane) with
            {
                Total = hasTotal ? new ExactNumber(random.Next(-9, 10), 0) : null,
                Rights = own.HasRights() ? RandomRights(random, own) : null,
                Seen = own is MergePolicy.MultiValue or MergePolicy.Set && random.Next(2) == 0 ? [Saw(random.Next(3), (ulong)(1 + random.Next(5)))] : [],
            });
            if (own == MergePolicy.Text)
                marks[^1] = RandomText(random, marks[^1]);
            if (own == MergePolicy.Set)
                marks[^1] = marks[^1] with { Dots = [.. Enumerable.Range(0, members).Select(_ => RandomDots(random, marks[^1].Seen.Length > 0))] };
        }

        return new Write(choice < 5 ? OpKind.Insert : OpKind.Update, stamp, columns,
            Image(columns, random.Next(5) == 0 ? null : random.Next(6), policy == MergePolicy.Set ? $"[{string.Join(", ", Enumerable.Range(random.Next(2), members))}]" : random.Next(2) == 0 ? "a" : "B"), marks);
    }

    private CellMark RandomText(Random random, CellMark mark)
    {
        TextPlace place = random.Next(3) == 0 ? TextPlace.Root : new TextPlace(1, (ulong)random.Next(1, 6), random.Next(3), random.Next(2) == 0);
        TextEdits edits = new()
        {
            Limit = new TextLimit((uint)random.Next(3, 9), true),
            Authors = [_chains.AuthorOf(random.Next(3)).Key],
            Base = random.Next(3) == 0 ? new TextName(random.Next(2), (ulong)random.Next(1, 4)) : null,
            Insertions = [new TextInsertion(0, 0, [new TextRun(2, place), new TextRun(1, new TextPlace(0, 0, random.Next(2), random.Next(2) == 0))])],
            Removed = random.Next(2) == 0 ? [] : [new TextRange(1, (ulong)random.Next(1, 6), random.Next(3), 1)],
        };
        return mark with { Edits = edits, Text = [(byte)random.Next('a', 'z'), (byte)random.Next('a', 'z'), (byte)random.Next('A', 'Z')] };
    }

    private static ImmutableArray<MemberDot> RandomDots(Random random, bool hasSeen) => hasSeen && random.Next(2) == 0
        ? [new MemberDot(1, 1)]
        : [new MemberDot(0, (ulong)random.Next(3))];

    /// <summary>Rights that may be less than what their author said before.</summary>
    private static CounterRights RandomRights(Random random, MergePolicy policy)
    {
        CounterRights rights = CounterRights.None.With(GrantForm.Made, default, new ExactNumber(random.Next(9), 0));
        if (policy == MergePolicy.GrowingCounter)
            return rights;
        rights = rights.With(GrantForm.Passed, Stranger, new ExactNumber(random.Next(5), 0));
        return rights with { Used = new ExactNumber(random.Next(5), 0) };
    }

    private static Write State(Stamp stamp, Lane lane, CounterRights rights) =>
        new(OpKind.MarkedUpdate2, stamp, [], [], [Mark(Number, lane) with { HasValue = false, Rights = rights }]);

    private static CounterRights Made(long amount) => CounterRights.None.With(GrantForm.Made, default, new ExactNumber(amount, 0));

    private static byte[] Image(StoredColumn[] columns, long? number, string? text)
    {
        using ByteWriter target = new();
        RowImageWriter writer = new(LayoutFactory.Create(columns), target);
        for (int i = 0; i < columns.Length; i++)
        {
            bool isText = columns[i].Code is StorageCode.Bytes or StorageCode.Json;
            if (isText && text is not null)
                writer.SetBytes(i, System.Text.Encoding.UTF8.GetBytes(text));
            else if (!isText && number is { } value)
                writer.SetInt64(i, value);
        }

        writer.Finish();
        return target.Written.ToArray();
    }

    private static string EditsOf(CellRegister register)
    {
        using ByteWriter written = new();
        register.Edits?.Write(written);
        return Convert.ToHexStringLower(written.Written);
    }

    private byte[] Fold(byte[] record, IReadOnlyList<Write> writes)
    {
        using ByteWriter target = new();
        foreach (Write write in writes)
        {
            target.Clear();
            StoredLayout layout = _layouts.Get(write.Columns);
            bool isChanged = write.Kind switch
            {
                OpKind.Delete => _merge.TryDelete(_layouts, _chains, record, write.Stamp, target),
                _ when write.Kind.IsInsert() =>
                    _merge.TryInsert(_layouts, _chains, record, write.Stamp, layout, write.Image, write.Marks, target),
                _ => _merge.TryUpdate(_layouts, _chains, record, write.Stamp, layout, write.Image, write.Marks, target),
            };
            if (isChanged)
                record = target.Written.ToArray();
        }

        return record;
    }

    private byte[] Cut(byte[] record, DefinitionStamp floor)
    {
        using ByteWriter target = new();
        return record.Length == 0 || !_merge.TryCut(_layouts, _chains, record, floor, target) ? record : target.Written.ToArray();
    }

    private long? NumberIn(byte[] record)
    {
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = _layouts[row.LayoutNumber];
        int position = layout.Columns.IndexOf(Number);
        return RowLayout.IsNull(row.Image, position) ? null : layout.Layout.GetInt64(row.Image, position);
    }

    private string ValuesIn(Write[] writes, Lane lane)
    {
        StoredRow row = StoredRow.Read(Fold([], writes));
        List<CellRegister> registers = CellRegisters.ReadAll(row, _layouts[row.LayoutNumber]);
        return string.Join(',', CellReading.Values(registers, lane, _chains).ConvertAll(value => value.Value.Layout.GetInt64(value.Image, 0)));
    }

    private string TextIn(byte[] record)
    {
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = _layouts[row.LayoutNumber];
        return System.Text.Encoding.UTF8.GetString(layout.Layout.GetBytes(row.Image, layout.Columns.IndexOf(Text)));
    }

    private string Describe(byte[] record)
    {
        if (record.Length == 0)
            return "";
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = _layouts[row.LayoutNumber];
        RowStamps stamps = new();
        stamps.Load(row, layout.Columns.Length, _chains);
        List<string> parts = [];
        for (int i = 0; i < layout.Columns.Length; i++)
            parts.Add($"{layout.Columns[i]}={Convert.ToHexString(CellRegisters.Shown(layout, row.Image, i).Image)}@{stamps.Columns[i]}");
        foreach (CellRegister register in CellRegisters.ReadAll(row, layout))
        {
            parts.Add($"{register.Kind} {register.Hlc}/{register.Chain}/{register.Op} {register.Lane} {register.Form} "
                + $"{Convert.ToHexString(register.Image)} {register.Total} "
                + $"{register.Rights?.Used} {string.Join(',', register.Rights?.Grants ?? [])} "
                + string.Join(',', register.Dots.Select(dots => string.Join('+', dots))) + EditsOf(register));
        }

        parts.Sort(StringComparer.Ordinal);
        return $"{row.IsDead} {stamps.Existence} {stamps.Base} {string.Join(' ', parts)}";
    }

    private sealed record Write(OpKind Kind, Stamp Stamp, StoredColumn[] Columns, byte[] Image, List<CellMark> Marks);
}
