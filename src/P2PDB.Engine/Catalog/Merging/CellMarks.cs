// MARKS of a row operation v1 to v5 (docs/formats/entry.md): how its columns merge that are not plain registers
//   varint count, not 0, then per column in order of the directory:
//     varint position in the directory
//     u8      policy (0 last writer, 1 first writer, 2 max, 3 min, 4 counter; in v2 also 9 growing, 10 bounded counter;
//             in v3 also 7 several values; in v4 also 5 set; in v5 also 6 text) | 16 has a total, of 4, or a text, of 6 | 32 has seen totals, of 4, 5 and 7
//             only
//     varint  generation; not 0 for last writer
//     max and min of strings: varint number of the collation
//     4, 9, 10: u8 digits, 1 to 65 for decimals, 0 for integers
//     9, 10: rights (CounterRights)
//     16: exact number (ExactNumber)
//     32: varint count, not 0, per author in ascending order {32 author key, exact number}; of 5 and 7: a hybrid time
//     5: dots of the members (MemberDots)
//     6: edits (TextEdits); with 16 first varint length, bytes of the text that goes with them, which else is the value
using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>Reads and writes the marks of one operation.</summary>
internal static class CellMarks
{
    private const byte TotalFlag = 16;
    private const byte SeenFlag = 32;

    /// <summary>Authors that one base names at most.</summary>
    private const int SeenCountMax = 1 << 16;

    /// <summary>Appends marks, which are in order of their positions.</summary>
    public static void Write(ByteWriter target, List<CellMark> marks)
    {
        target.WriteVarint((ulong)marks.Count);
        foreach (CellMark mark in marks)
        {
            target.WriteVarint((ulong)mark.Position);
            target.WriteByte((byte)((byte)mark.Lane.Policy | (mark.Total is null && mark.Text is null ? 0 : TotalFlag)
                | (mark.Seen.IsEmpty ? 0 : SeenFlag)));
            target.WriteVarint(mark.Lane.Generation);
            if (HasCollation(mark.Lane.Policy, mark.Column.Code))
                target.WriteVarint((ulong)mark.Collation);
            if (mark.Lane.Policy.IsCounter())
                target.WriteByte((byte)mark.Digits);
            mark.Total?.Write(target);
            if (mark.Text is { } text)
            {
                target.WriteVarint((ulong)text.Length);
                target.Write(text);
            }

            mark.Edits?.Write(target);
            mark.Rights?.Write(target);
            if (!mark.Seen.IsEmpty)
                WriteSeen(target, mark.Seen);
            if (mark.Lane.Policy == MergePolicy.Set)
                MemberDots.Write(target, mark.Dots, mark.Seen);
        }
    }

    /// <summary>Appends the totals that a base names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are more than are read: the entry would be void.</exception>
    public static void WriteSeen(ByteWriter target, ImmutableArray<SeenTotal> seen)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seen.Length, SeenCountMax, nameof(seen));
        target.WriteVarint((ulong)seen.Length);
        foreach (SeenTotal total in seen)
        {
            target.Write(total.Author.AsSpan());
            total.Total.Write(target);
        }
    }

    /// <summary>
    /// Reads the marks of an operation, of a version, over the columns of a directory; an empty <paramref name="bitmap"/> says that
    /// the image has all of them. False where they do not decode, or do not fit the columns: the entry is void.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, int version, ReadOnlySpan<StoredColumn> directory, ReadOnlySpan<byte> bitmap, List<CellMark> target)
    {
        target.Clear();
        var reader = new ByteReader(bytes);
        if (!reader.TryReadVarint(directory.Length, out int count) || count == 0)
            return false;
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint(directory.Length - 1, out int position) || position < next)
                return false;
            next = position + 1;
            bool hasValue = bitmap.IsEmpty || (bitmap[position >> 3] >> (position & 7) & 1) != 0;
            if (!TryReadMark(ref reader, version, directory[position], hasValue, position, out CellMark? mark))
                return false;
            target.Add(mark!);
        }

        return reader.IsAtEnd;
    }

    /// <summary>Reads what <see cref="WriteSeen"/> writes.</summary>
    public static bool TryReadSeen(ref ByteReader reader, out ImmutableArray<SeenTotal> seen)
    {
        seen = [];
        if (!reader.TryReadVarint(SeenCountMax, out int count) || count == 0 || count > reader.Remaining / PublicKey.Length)
            return false;
        ImmutableArray<SeenTotal>.Builder totals = ImmutableArray.CreateBuilder<SeenTotal>(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes(PublicKey.Length, out ReadOnlySpan<byte> author)
                || !ExactNumber.TryRead(ref reader, out ExactNumber total))
            {
                return false;
            }

            var key = new PublicKey(author);
            if (i > 0 && totals[i - 1].Author.CompareTo(key) >= 0)
                return false;
            totals.Add(new SeenTotal(key, total));
        }

        seen = totals.MoveToImmutable();
        return true;
    }

    /// <summary>True where a lane compares strings.</summary>
    public static bool HasCollation(MergePolicy policy, StorageCode code) =>
        policy is MergePolicy.Max or MergePolicy.Min && code == StorageCode.Bytes;

    /// <summary>True where values of a form can be counted.</summary>
    public static bool IsCountable(StorageCode code) =>
        ExactNumber.IsFormOf(code) && code is not (StorageCode.Year2 or StorageCode.Bit8);

    /// <summary>True where a counter's values of a form have so many digits.</summary>
    public static bool AreDigitsValid(StorageCode code, int digits) => code switch
    {
        StorageCode.Dec8 => digits is >= 1 and <= 18,
        StorageCode.Dec16 => digits is >= 1 and <= 38,
        StorageCode.Dec32 => digits is >= 1 and <= SqlDecimal.PrecisionMax,
        _ => digits == 0,
    };

    private static bool AreTimes(ImmutableArray<SeenTotal> seen)
    {
        foreach (SeenTotal one in seen)
        {
            if (one.Total.Scale != 0 || one.Total.Unscaled.Sign <= 0 || one.Total.Unscaled > ulong.MaxValue)
                return false;
        }

        return true;
    }

    private static bool TryReadMark(
        ref ByteReader reader, int version, StoredColumn column, bool hasValue, int position, out CellMark? mark)
    {
        mark = null;
        if (!reader.TryReadByte(out byte head) || head >= 2 * SeenFlag || !reader.TryReadVarint(out ulong generation)
            || generation > Lane.GenerationMax)
        {
            return false;
        }

        var lane = new Lane(generation, (MergePolicy)(head & 15));
        int needed = lane.Policy.MarksVersion();
        bool isCounter = lane.Policy == MergePolicy.Counter;
        bool hasRights = lane.Policy.HasRights();
        if (needed == 0 || needed > version || lane == Lane.Plain || (!isCounter && lane.Policy != MergePolicy.Text && (head & TotalFlag) != 0)
            || (!lane.Policy.HasSeen() && (head & SeenFlag) != 0)
            || (!isCounter && !hasRights && !hasValue && (head & TotalFlag) == 0))
        {
            return false;
        }

        if (lane.Policy == MergePolicy.Text)
        {
            mark = new CellMark { Position = position, Column = column, Lane = lane, HasValue = hasValue };
            return TryReadText(ref reader, (head & TotalFlag) != 0, ref mark);
        }

        int collation = 0;
        if (HasCollation(lane.Policy, column.Code)
            && (!reader.TryReadVarint(ushort.MaxValue, out collation) || Types.Collation.Find(collation) is null))
        {
            return false;
        }

        ImmutableArray<SeenTotal> seen = [];
        bool hasSeen = (head & SeenFlag) != 0;
        if (!lane.Policy.IsCounter())
        {
            ImmutableArray<ImmutableArray<MemberDot>> dots = [];
            if ((hasSeen && (!TryReadSeen(ref reader, out seen) || !AreTimes(seen))) || (lane.Policy == MergePolicy.Set
                && (!SetMembers.IsFormOf(column.Code) || !MemberDots.TryRead(ref reader, seen, out dots))))
            {
                return false;
            }

            mark = new CellMark
            {
                Position = position,
                Column = column,
                Lane = lane,
                HasValue = true,
                Collation = collation,
                Seen = seen,
                Dots = dots,
            };
            return true;
        }

        if (!reader.TryReadByte(out byte digits) || !IsCountable(column.Code) || !AreDigitsValid(column.Code, digits))
            return false;
        if (hasRights)
        {
            bool isRead = CounterRights.TryRead(ref reader, lane.Policy, out CounterRights rights);
            mark = new CellMark
            {
                Position = position,
                Column = column,
                Lane = lane,
                HasValue = hasValue,
                Digits = digits,
                Rights = rights,
            };
            return isRead;
        }

        ExactNumber total = default;
        bool hasTotal = (head & TotalFlag) != 0;
        if ((!hasTotal && !hasValue) || (hasTotal && !ExactNumber.TryRead(ref reader, out total))
            || (hasSeen && (!hasValue || !TryReadSeen(ref reader, out seen))))
        {
            return false;
        }

        mark = new CellMark
        {
            Position = position,
            Column = column,
            Lane = lane,
            HasValue = hasValue,
            Digits = digits,
            Total = hasTotal ? total : null,
            Seen = seen,
        };
        return true;
    }

    private static bool TryReadText(ref ByteReader reader, bool hasText, ref CellMark mark)
    {
        byte[]? text = null;
        if (hasText)
        {
            if (!reader.TryReadVarint(reader.Remaining, out int length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> bytes))
                return false;
            text = bytes.ToArray();
        }

        if (mark.Column.Code != StorageCode.Bytes || !TextEdits.TryRead(ref reader, out TextEdits edits)
            || (text is not null && text.Length != edits.TextLength))
        {
            return false;
        }

        mark = mark with { Edits = edits, Text = text };
        return true;
    }
}
