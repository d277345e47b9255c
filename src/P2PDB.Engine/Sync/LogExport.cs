// A LOG FILE carries a database's entries by any medium. Spec: docs/formats/log-file.md; little-endian:
//   0  8 bytes  magic "P2PDBLG1"    8  frames of /p2pdb/sync/1, each behind its u32 length: ENTRIES in causal order, then VECTOR
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Sync;

/// <summary>
/// Reads a database's durable entries piece by piece, as the frames of a log file. Nothing is held between two pieces: what was read is
/// in the vector that comes with each.
/// </summary>
internal static class LogExport
{
    /// <summary>
    /// Writes the next entries that a vector does not have as an ENTRIES frame, and the vector with them as VECTOR frames. False, with
    /// the vector alone, where there are none.
    /// </summary>
    /// <param name="database">What is read.</param>
    /// <param name="held">The vector: ends of chains. Of one that is not held here nothing is learned; it stays in the vector.</param>
    /// <param name="length">Bytes of entries after which a piece ends.</param>
    /// <param name="entries">Takes the frame of entries.</param>
    /// <param name="vector">Takes the frames of the new vector.</param>
    public static bool TryRead(SharedDatabase database, IEnumerable<ChainHead> held, int length, ByteWriter entries, ByteWriter vector)
    {
        Dictionary<int, ChainHead> ends = [];
        List<ChainHead> unknown = [];
        foreach (ChainHead head in held)
        {
            if (!TryAdd(database.Log, ends, head))
                unknown.Add(head);
        }

        Dictionary<int, ulong> known = [];
        foreach ((int chain, ChainHead end) in ends)
            known[chain] = end.Seq + 1;
        List<EntryRange> news = database.Beyond(known);
        using var stream = new RangeStream(database.Log, CollectionsMarshal.AsSpan(news));
        bool any = stream.TryTake(length, out ReadOnlySpan<byte> piece);
        if (any)
        {
            int start = StartFrame(entries);
            FrameWriter.Entries(entries, database.Id, piece);
            EndFrame(entries, start);
            foreach (ChainHead end in stream.EndsOf(news))
                TryAdd(database.Log, ends, end);
        }

        WriteVector(database.Id, [.. ends.Values, .. unknown], vector);
        return any;
    }

    /// <summary>Reads the frames of a vector. False where they are none, or of another database.</summary>
    public static bool TryReadVector(ReadOnlySpan<byte> frames, DatabaseId database, [NotNullWhen(true)] out List<ChainHead>? held)
    {
        held = [];
        var rest = new ByteReader(frames);
        while (!rest.IsAtEnd)
        {
            if (!rest.TryReadUInt32(out uint length) || length > (uint)SyncLimits.FrameLengthMax
                || !rest.TryReadBytes((int)length, out ReadOnlySpan<byte> frame))
            {
                return false;
            }

            var reader = new FrameReader(frame);
            if (!reader.TryReadStart(out FrameKind kind, out DatabaseId id) || kind != FrameKind.Vector || id != database
                || !reader.TryReadVector(out _, out ChainHead[]? items))
            {
                return false;
            }

            held.AddRange(items);
        }

        return true;
    }

    // Keeps the later of two ends of one chain. False where the entry is not held.
    private static bool TryAdd(DatabaseLog log, Dictionary<int, ChainHead> ends, ChainHead head)
    {
        if (!log.TryLocate(head.Head, out int chain, out ulong seq))
            return false;
        if (!ends.TryGetValue(chain, out ChainHead other) || other.Seq < seq)
            ends[chain] = head with { Seq = seq };
        return true;
    }

    private static void WriteVector(DatabaseId database, ReadOnlySpan<ChainHead> items, ByteWriter target)
    {
        do
        {
            ReadOnlySpan<ChainHead> some = items[..Math.Min(items.Length, SyncLimits.ItemCountMax)];
            items = items[some.Length..];
            int start = StartFrame(target);
            FrameWriter.Vector(target, database, default, some);
            EndFrame(target, start);
        }
        while (!items.IsEmpty);
    }

    private static int StartFrame(ByteWriter target)
    {
        target.WriteUInt32(0);
        return target.Length;
    }

    private static void EndFrame(ByteWriter target, int start) =>
        BinaryPrimitives.WriteUInt32LittleEndian(target.WrittenSpan[(start - sizeof(uint))..], (uint)(target.Length - start));
}
