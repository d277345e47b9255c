// DOTS of a set v1, in marks (docs/formats/entry.md) and registers: whose addings of the value's members stand
//   varint count of members, then per member, each different one of the value in its order:
//     varint count of dots, not 0, then per dot in order of authors, each author once:
//       varint author: 0 the writer, else the place in the seen totals, counted from 1
//       of the writer: varint time, 0 for the operation at hand; of others: varint time before the one that was seen of the author
using System.Collections.Immutable;
using System.Numerics;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>Reads and writes the dots of one word on a set.</summary>
internal static class MemberDots
{
    /// <summary>Appends them; <paramref name="seen"/> is what their writer had seen.</summary>
    public static void Write(ByteWriter target, ImmutableArray<ImmutableArray<MemberDot>> members, ImmutableArray<SeenTotal> seen)
    {
        target.WriteVarint((ulong)members.Length);
        foreach (ImmutableArray<MemberDot> dots in members)
        {
            target.WriteVarint((ulong)dots.Length);
            foreach (MemberDot dot in dots)
            {
                target.WriteVarint((ulong)dot.Author);
                target.WriteVarint(dot.Author == 0 ? dot.Time : TimeOf(seen[dot.Author - 1]) - dot.Time);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> writes; false where it does not fit what was seen.</summary>
    public static bool TryRead(
        ref ByteReader reader, ImmutableArray<SeenTotal> seen, out ImmutableArray<ImmutableArray<MemberDot>> members)
    {
        members = [];
        // A member takes three bytes at least.
        if (!reader.TryReadVarint(reader.Remaining / 3, out int count))
            return false;
        ImmutableArray<ImmutableArray<MemberDot>>.Builder read = ImmutableArray.CreateBuilder<ImmutableArray<MemberDot>>(count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadMember(ref reader, seen, out ImmutableArray<MemberDot> dots))
                return false;
            read.Add(dots);
        }

        members = read.MoveToImmutable();
        return true;
    }

    /// <summary>The hybrid time that a seen total of a set is.</summary>
    public static ulong TimeOf(in SeenTotal seen) => (ulong)BigInteger.Clamp(seen.Total.Unscaled, 0, ulong.MaxValue);

    private static bool TryReadMember(ref ByteReader reader, ImmutableArray<SeenTotal> seen, out ImmutableArray<MemberDot> dots)
    {
        dots = [];
        if (!reader.TryReadVarint(Math.Min(seen.Length + 1, reader.Remaining / 2), out int count) || count == 0)
            return false;
        ImmutableArray<MemberDot>.Builder read = ImmutableArray.CreateBuilder<MemberDot>(count);
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint(seen.Length, out int author) || author < next || !reader.TryReadVarint(out ulong time))
                return false;
            next = author + 1;
            if (author > 0)
            {
                ulong last = TimeOf(seen[author - 1]);
                if (time >= last)
                    return false;
                time = last - time;
            }

            read.Add(new MemberDot(author, time));
        }

        dots = read.MoveToImmutable();
        return true;
    }
}
