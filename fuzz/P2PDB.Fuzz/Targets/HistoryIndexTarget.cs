using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the index of a history file. What is read to its end is written as the same bytes.</summary>
internal sealed class HistoryIndexTarget : IFuzzTarget, IDisposable
{
    private readonly ByteWriter _again = new();

    public string Name => "history-index";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/HistoryIndexReader.cs", "P2PDB.Engine/Log/HistoryIndexFormat.cs"];

    public int InputLengthMax => 8 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Write([], []);
            yield return Write([Id(1)], [(0, 1, [0])]);
            yield return Write([Id(1), Id(2)], [(0, 3, [0, 2]), (7, 70, [])]);
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < HistoryIndexFormat.HeaderLength + HistoryIndexFormat.TrailerLength)
            return length;
        int runCount = buffer[HistoryIndexFormat.RunCountOffset] % 4;
        int headCount = buffer[HistoryIndexFormat.HeadCountOffset] % 4;
        HistoryIndexFormat.WriteHeader(default, 0, 0, runCount, headCount, buffer);
        RepairGroups(buffer[..(length - HistoryIndexFormat.TrailerLength)], headCount);
        Span<byte> trailer = buffer[(length - HistoryIndexFormat.TrailerLength)..length];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32C.Compute(buffer[..(length - HistoryIndexFormat.TrailerLength)]));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        probe.BeginDecoding();
        bool isRead = TryReadAgain(input, probe);
        probe.EndDecoding();
        if (isRead)
            FuzzLaw.RequireSame(input, _again.Written, "written as read");
        return isRead;
    }

    public void Dispose() => _again.Dispose();

    private bool TryReadAgain(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (!HistoryIndexReader.TryBegin(input, default, 0, 0, out HistoryIndexReader index))
            return false;
        probe.Reached(index.HeadCount);
        _again.Clear();
        HistoryIndexFormat.WriteHeader(default, 0, 0, index.RunCount, index.HeadCount, Next(HistoryIndexFormat.HeaderLength));
        for (int i = 0; i < index.HeadCount; i++)
            index.HeadAt(i).CopyTo(Next(EntryFormat.HashLength));
        for (int run = 0; run < index.RunCount; run++)
        {
            if (!index.TryMoveNext())
                return false;
            probe.Reached(100 + index.Run.EntryCount + (16 * index.Run.ChangeCount));
            HistoryIndexFormat.WriteRun(index.Run, Next(HistoryIndexFormat.RunLength));
            for (int i = 0; i < index.Run.PeakCount; i++)
                index.PeakAt(i).CopyTo(Next(EntryFormat.HashLength));
            for (int i = 0; i < index.Run.ChangeCount; i++)
                BinaryPrimitives.WriteInt32LittleEndian(Next(HistoryIndexFormat.ChangeLength), index.ChangeAt(i));
            for (int i = 0; i < index.Run.EntryCount; i++)
            {
                if (!index.TryReadEntry(i, 0, out ChainEntry entry))
                    return false;
                WriteEntry(entry, i, index.Run.EntryCount);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(Next(HistoryIndexFormat.TrailerLength), Crc32C.Compute(_again.Written[..^HistoryIndexFormat.TrailerLength]));
        return index.IsAtEnd;
    }

    // Ends the groups of each run that has room for what it states with their checksums.
    private static void RepairGroups(Span<byte> index, int headCount)
    {
        int offset = HistoryIndexFormat.HeaderLength + (headCount * EntryFormat.HashLength);
        while (offset + HistoryIndexFormat.RunLength <= index.Length && HistoryIndexFormat.TryReadRun(index[offset..], out HistoryRun run))
        {
            long entries = offset + HistoryIndexFormat.RunLength + ((long)run.PeakCount * EntryFormat.HashLength)
                + ((long)run.ChangeCount * HistoryIndexFormat.ChangeLength);
            if (entries + HistoryIndexFormat.EntriesLength(run.EntryCount) > index.Length)
                return;
            offset = (int)entries;
            for (int left = run.EntryCount; left > 0; left -= HistoryIndexFormat.GroupCount)
            {
                int length = HistoryIndexFormat.GroupLength(Math.Min(HistoryIndexFormat.GroupCount, left));
                HistoryIndexFormat.WriteGroupCheck(index.Slice(offset, length));
                offset += length;
            }
        }
    }

    private void WriteEntry(in ChainEntry entry, int index, int count)
    {
        HistoryIndexFormat.WriteEntry(entry, Next(HistoryIndexFormat.EntryLength));
        if ((index + 1) % HistoryIndexFormat.GroupCount != 0 && index + 1 < count)
            return;
        Next(HistoryIndexFormat.CheckLength);
        HistoryIndexFormat.WriteGroupCheck(_again.WrittenSpan[^HistoryIndexFormat.GroupLength((index % HistoryIndexFormat.GroupCount) + 1)..]);
    }

    private Span<byte> Next(int length)
    {
        Span<byte> bytes = _again.GetSpan(length)[..length];
        _again.Advance(length);
        return bytes;
    }

    private byte[] Write(EntryId[] heads, (int Index, int Count, int[] Changes)[] runs)
    {
        _again.Clear();
        HistoryIndexFormat.WriteHeader(default, 0, 0, runs.Length, heads.Length, Next(HistoryIndexFormat.HeaderLength));
        foreach (EntryId head in heads)
            head.CopyTo(Next(EntryFormat.HashLength));
        foreach ((int index, int count, int[] changes) in runs)
        {
            var run = new HistoryRun(AuthorKey.Read(Id(9).Hash.AsSpan()), Id(1), index == 0 ? default : Id(8), (ulong)index, index, count, changes.Length);
            HistoryIndexFormat.WriteRun(run, Next(HistoryIndexFormat.RunLength));
            Next(run.PeakCount * EntryFormat.HashLength).Fill(5);
            foreach (int change in changes)
                BinaryPrimitives.WriteInt32LittleEndian(Next(HistoryIndexFormat.ChangeLength), change);
            for (int i = 0; i < count; i++)
                WriteEntry(EntryOf(i), i, count);
        }

        Span<byte> trailer = Next(HistoryIndexFormat.TrailerLength);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32C.Compute(_again.Written[..^HistoryIndexFormat.TrailerLength]));
        return _again.Written.ToArray();
    }

    private static ChainEntry EntryOf(int number) => new()
    {
        Id = Id((byte)(number + 1)),
        Hlc = new HlcTimestamp((ulong)number + 1),
        Place = new EntryPlace(0, 0, number * 512, 512),
        Flags = EntryFlags.None,
        Standing = EntryStanding.Effective,
        IsSignatureVerified = number == 0,
    };

    private static EntryId Id(byte value)
    {
        byte[] bytes = new byte[Hash256.Length];
        bytes.AsSpan().Fill(value);
        return EntryId.Read(bytes);
    }
}
