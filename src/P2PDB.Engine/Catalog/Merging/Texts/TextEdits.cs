// EDITS of a text v1, in marks (docs/formats/entry.md) and registers: all that one author did to a text
//   varint  most that the column holds, times 2, plus 1 where that counts characters, not bytes
//   varint  count of other authors, at most 4,096, then their keys (32), ascending
//   varint  0, or 1 + author, varint time: the write that began the text anew on which all of it builds
//   varint  count of insertions, then per insertion, ascending by author and time (0 is the greatest time):
//     varint 2 × author, plus 1 for a value from before the column merged as a text, as it always is of another author; varint time, of such a value not 0
//     varint count of runs, not 0, of such a value 1, at the root; then per run: varint length, not 0; place:
//       varint 0 the root; else 1 + 2 × author (+ 1 on the left), varint time, varint offset
//   varint  count of ranges, then per range, ascending by author, time and start, none touching the next:
//     varint author, varint time, varint start, varint length, not 0: what was taken away
//
//   Runs and ranges are 4,096 together at most.
//   An author is 0 for the writer, else the place among the others, counted from 1. A time is 0, of the writer alone, for the operation at hand.
//   The text that goes with it is that of the insertions in their order, without what the ranges take away.
using System.Collections.Immutable;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>What one author did to a text, in all.</summary>
internal sealed record TextEdits
{
    /// <summary>Bytes that an author inserts with one operation at most, those that were taken away since too: offsets stay small numbers.</summary>
    public const int LengthMax = 1 << 30;

    /// <summary>
    /// Runs and ranges of a word at most, and authors that it names: an operation carries all of them, of some 20 bytes each, and every reader of the
    /// text goes through them. A writer that would come past it begins the text anew.
    /// </summary>
    public const int PieceCountMax = 4096;

    /// <summary>The most that the column holds, as its writer knew it.</summary>
    public required TextLimit Limit { get; init; }

    /// <summary>The other authors that are named.</summary>
    public ImmutableArray<PublicKey> Authors { get; init; } = [];

    /// <summary>
    /// The write that began the text anew on which all of it builds; null where nobody did. Of such writes only the latest counts, with what builds on it.
    /// </summary>
    public TextName? Base { get; init; }

    /// <summary>What was inserted: by the writer, or before the column merged as a text by whoever wrote it then.</summary>
    public ImmutableArray<TextInsertion> Insertions { get; init; } = [];

    /// <summary>What was taken away, of whomever.</summary>
    public ImmutableArray<TextRange> Removed { get; init; } = [];

    /// <summary>Runs and ranges together: what the text costs beside its bytes.</summary>
    public int PieceCount
    {
        get
        {
            int count = Removed.Length;
            foreach (TextInsertion insertion in Insertions)
                count += insertion.Runs.Length;
            return count;
        }
    }

    /// <summary>True where it is more than a word may say.</summary>
    public bool IsTooMuch
    {
        get
        {
            foreach (TextInsertion insertion in Insertions)
            {
                if (LengthOf(insertion) > LengthMax)
                    return true;
            }

            return PieceCount > PieceCountMax;
        }
    }

    /// <summary>Bytes of the text that goes with it.</summary>
    public long TextLength
    {
        get
        {
            long length = 0;
            int range = 0;
            foreach (TextInsertion insertion in Insertions)
                length += LeftOf(insertion, ref range);
            return length;
        }
    }

    /// <summary>Bytes that were taken away, in all.</summary>
    public long RemovedLength
    {
        get
        {
            long length = 0;
            foreach (TextRange range in Removed)
                length += range.Length;
            return length;
        }
    }

    /// <summary>Of the text that goes with it, what the operation at hand inserted.</summary>
    public ReadOnlySpan<byte> InsertedAtHand(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int range = 0;
        foreach (TextInsertion insertion in Insertions)
        {
            int length = (int)LeftOf(insertion, ref range);
            if (insertion.Time == 0)
                return text.Slice(start, length);
            start += length;
        }

        return default;
    }

    /// <summary>Bytes that an insertion numbers.</summary>
    public static long LengthOf(in TextInsertion insertion)
    {
        long length = 0;
        foreach (TextRun run in insertion.Runs)
            length += run.Length;
        return length;
    }

    /// <summary>
    /// The place of the first range that takes away of an insertion or a later one, from a place on. Insertions and ranges are in one order, so that
    /// who goes through all insertions goes through the ranges once.
    /// </summary>
    public int RangesFrom(in TextInsertion insertion, int place)
    {
        while (place < Removed.Length && Compare(Removed[place].Author, Removed[place].Time, insertion.Author, insertion.Time) < 0)
            place++;
        return place;
    }

    /// <summary>Appends the bytes.</summary>
    /// <exception cref="InvalidOperationException">They are more than are read: the entry would be void.</exception>
    public void Write(ByteWriter target)
    {
        if (IsTooMuch || Authors.Length > PieceCountMax)
            throw new InvalidOperationException("Edits of a text are more than one word may say.");
        target.WriteVarint(Limit.Encoded);
        target.WriteVarint((ulong)Authors.Length);
        foreach (PublicKey author in Authors)
            target.Write(author.AsSpan());
        target.WriteVarint(Base is { } name ? (ulong)name.Author + 1 : 0);
        if (Base is { Time: var time })
            target.WriteVarint(time);
        target.WriteVarint((ulong)Insertions.Length);
        foreach (TextInsertion insertion in Insertions)
        {
            target.WriteVarint(((ulong)insertion.Author << 1) | (insertion.IsFormer ? 1UL : 0));
            target.WriteVarint(insertion.Time);
            target.WriteVarint((ulong)insertion.Runs.Length);
            foreach (TextRun run in insertion.Runs)
            {
                target.WriteVarint((ulong)run.Length);
                WritePlace(target, run.Place);
            }
        }

        target.WriteVarint((ulong)Removed.Length);
        foreach (TextRange range in Removed)
        {
            target.WriteVarint((ulong)range.Author);
            target.WriteVarint(range.Time);
            target.WriteVarint((ulong)range.Start);
            target.WriteVarint((ulong)range.Length);
        }
    }

    /// <summary>Reads what <see cref="Write"/> writes; false where it does not fit together.</summary>
    public static bool TryRead(ref ByteReader reader, out TextEdits edits)
    {
        edits = null!;
        if (!reader.TryReadVarint(out ulong limit) || !TextLimit.TryDecode(limit, out TextLimit most)
            || !TryReadAuthors(ref reader, out ImmutableArray<PublicKey> authors)
            || !TryReadBase(ref reader, authors.Length, out TextName? name)
            || !TryReadInsertions(ref reader, authors.Length, out ImmutableArray<TextInsertion> insertions)
            || !TryReadRanges(ref reader, authors.Length, out ImmutableArray<TextRange> removed))
        {
            return false;
        }

        edits = new TextEdits { Limit = most, Authors = authors, Base = name, Insertions = insertions, Removed = removed };
        return edits.PieceCount <= PieceCountMax;
    }

    private static bool TryReadAuthors(ref ByteReader reader, out ImmutableArray<PublicKey> authors)
    {
        authors = [];
        if (!reader.TryReadVarint(Math.Min(PieceCountMax, reader.Remaining / PublicKey.Length), out int count))
            return false;
        ImmutableArray<PublicKey>.Builder read = ImmutableArray.CreateBuilder<PublicKey>(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes(PublicKey.Length, out ReadOnlySpan<byte> bytes))
                return false;
            var author = new PublicKey(bytes);
            if (i > 0 && read[i - 1].CompareTo(author) >= 0)
                return false;
            read.Add(author);
        }

        authors = read.MoveToImmutable();
        return true;
    }

    private static bool TryReadBase(ref ByteReader reader, int authorMax, out TextName? name)
    {
        name = null;
        if (!reader.TryReadVarint(authorMax + 1, out int head))
            return false;
        if (head == 0)
            return true;
        if (!reader.TryReadVarint(out ulong time) || (time == 0 && head != 1))
            return false;
        name = new TextName(head - 1, time);
        return true;
    }

    private static bool TryReadInsertions(ref ByteReader reader, int authorMax, out ImmutableArray<TextInsertion> insertions)
    {
        insertions = [];
        // An insertion takes five bytes at least: author, time, count, and a run of two.
        if (!reader.TryReadVarint(Math.Min(PieceCountMax, reader.Remaining / 5), out int count))
            return false;
        ImmutableArray<TextInsertion>.Builder read = ImmutableArray.CreateBuilder<TextInsertion>(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint((2 * authorMax) + 1, out int head) || !reader.TryReadVarint(out ulong time)
                || !TryReadRuns(ref reader, authorMax, out ImmutableArray<TextRun> runs))
            {
                return false;
            }

            int author = head >> 1;
            bool isFormer = (head & 1) != 0;
            if ((isFormer ? time == 0 || runs.Length > 1 || runs[0].Place != TextPlace.Root : author != 0)
                || (i > 0 && Compare(read[i - 1].Author, read[i - 1].Time, author, time) >= 0))
            {
                return false;
            }

            read.Add(new TextInsertion(author, time, runs, isFormer));
        }

        insertions = read.MoveToImmutable();
        return true;
    }

    private static bool TryReadRuns(ref ByteReader reader, int authorMax, out ImmutableArray<TextRun> runs)
    {
        runs = [];
        if (!reader.TryReadVarint(Math.Min(PieceCountMax, reader.Remaining / 2), out int count) || count == 0)
            return false;
        ImmutableArray<TextRun>.Builder read = ImmutableArray.CreateBuilder<TextRun>(count);
        int left = LengthMax;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint(left, out int length) || length == 0 || !TryReadPlace(ref reader, authorMax, out TextPlace place))
                return false;
            left -= length;
            read.Add(new TextRun(length, place));
        }

        runs = read.MoveToImmutable();
        return true;
    }

    private static bool TryReadPlace(ref ByteReader reader, int authorMax, out TextPlace place)
    {
        place = TextPlace.Root;
        if (!reader.TryReadVarint((2 * authorMax) + 2, out int head))
            return false;
        if (head == 0)
            return true;
        int author = (head - 1) >> 1;
        if (!reader.TryReadVarint(out ulong time) || (time == 0 && author != 0) || !reader.TryReadVarint(LengthMax - 1, out int offset))
            return false;
        place = new TextPlace(author, time, offset, ((head - 1) & 1) != 0);
        return true;
    }

    private static bool TryReadRanges(ref ByteReader reader, int authorMax, out ImmutableArray<TextRange> ranges)
    {
        ranges = [];
        if (!reader.TryReadVarint(Math.Min(PieceCountMax, reader.Remaining / 4), out int count))
            return false;
        ImmutableArray<TextRange>.Builder read = ImmutableArray.CreateBuilder<TextRange>(count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadWrite(ref reader, authorMax, out int author, out ulong time) || !reader.TryReadVarint(LengthMax - 1, out int start)
                || !reader.TryReadVarint(LengthMax - start, out int length) || length == 0)
            {
                return false;
            }

            if (i > 0)
            {
                TextRange last = read[i - 1];
                int order = Compare(last.Author, last.Time, author, time);
                if (order > 0 || (order == 0 && last.Start + last.Length >= start))
                    return false;
            }

            read.Add(new TextRange(author, time, start, length));
        }

        ranges = read.MoveToImmutable();
        return true;
    }

    private static bool TryReadWrite(ref ByteReader reader, int authorMax, out int author, out ulong time)
    {
        time = 0;
        return reader.TryReadVarint(authorMax, out author) && reader.TryReadVarint(out time) && (time != 0 || author == 0);
    }

    private static void WritePlace(ByteWriter target, in TextPlace place)
    {
        if (place.Author < 0)
        {
            target.WriteByte(0);
            return;
        }

        target.WriteVarint((ulong)(1 + (2 * place.Author) + (place.IsLeft ? 1 : 0)));
        target.WriteVarint(place.Time);
        target.WriteVarint((ulong)place.Offset);
    }

    // The operation at hand is the latest: its time of 0 counts as the greatest.
    private static int Compare(int leftAuthor, ulong leftTime, int rightAuthor, ulong rightTime) =>
        leftAuthor != rightAuthor ? leftAuthor.CompareTo(rightAuthor) : unchecked(leftTime - 1).CompareTo(unchecked(rightTime - 1));

    /// <summary>Bytes of an insertion that its own word leaves; goes on through the ranges.</summary>
    private long LeftOf(in TextInsertion insertion, ref int range)
    {
        long length = LengthOf(insertion);
        long left = length;
        for (range = RangesFrom(insertion, range); range < Removed.Length && Removed[range].IsOf(insertion); range++)
            left -= Math.Max(0, Math.Min(Removed[range].Length, length - Removed[range].Start));
        return left;
    }
}
