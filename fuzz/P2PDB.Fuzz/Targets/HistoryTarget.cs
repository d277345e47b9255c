using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: the bytes of one history file. Its blocks are read, or damage is named that lies in it. Written again from its blocks and
/// counts, an accepted file is the same.
/// </summary>
internal sealed class HistoryTarget : IFuzzTarget, IDisposable
{
    private const string FilePath = "file";
    private readonly ByteWriter _block = new();
    private readonly ByteWriter _again = new();

    public string Name => "history";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/HistoryFile.cs", "P2PDB.Engine/Log/HistoryFormat.cs"];

    public int InputLengthMax => 8 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Write([]);
            yield return Write(Entries(1, 0));
            yield return Write(Entries(5, 0));
            // Two blocks: compressible bodies of more than what a block gathers.
            yield return Write(Entries(2, HistoryFormat.BlockLengthMin));
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < HistoryFormat.HeaderLength + HistoryFormat.TrailerLength)
            return length;
        HistoryFormat.WriteHeader(default, 0, buffer);
        Span<byte> trailer = buffer.Slice(length - HistoryFormat.TrailerLength, HistoryFormat.TrailerLength);
        int left = length - HistoryFormat.HeaderLength - HistoryFormat.TrailerLength;
        int blockCount = Math.Min(trailer[16] % 8, left / HistoryFormat.IndexRecordLength);
        int indexOffset = HistoryFormat.HeaderLength + left - (blockCount * HistoryFormat.IndexRecordLength);
        Span<byte> index = buffer[indexOffset..(length - HistoryFormat.TrailerLength)];
        long entryCount = RepairIndex(buffer[..indexOffset], index);
        long stated = BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]);
        HistoryFormat.WriteTrailer(
            indexOffset, stated % 16 == 9 ? stated : entryCount, blockCount, Crc32C.Compute(index), trailer);
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        using var volume = new MemoryVolume(new Random(1));
        using (StorageFile file = volume.Open(FilePath, StorageOpening.CreateEmpty))
            file.Write(0, input);
        try
        {
            probe.BeginDecoding();
            using HistoryFile history = HistoryFile.Open(volume, FilePath, default, 0);
            for (int i = 0; i < history.BlockCount; i++)
            {
                // The buffer a block is decompressed into is the pool's; the longest raw block bounds it.
                history.ReadBlock(i, _block);
                FuzzLaw.Require(_block.Length == history.BlockAt(i).RawLength, "a block has the length that its index says");
                probe.Reached(100 + (history.BlockAt(i).RawLength > history.BlockAt(i).StoredLength ? 1 : 0));
            }

            probe.EndDecoding();
            probe.Reached(history.BlockCount);
            WriteAgain(history, input);
            FuzzLaw.RequireSame(input, _again.Written, "a file is its blocks, index and counts");
            return true;
        }
        catch (CorruptionException damage)
        {
            FuzzLaw.Require(damage.Offset >= 0 && damage.Offset <= input.Length, "damage lies in the file");
            probe.Reached(1000 + (damage.Offset == 0 ? 0 : damage.Offset == HistoryFormat.HeaderLength ? 1 : 2));
            return false;
        }
    }

    public void Dispose()
    {
        _block.Dispose();
        _again.Dispose();
    }

    private void WriteAgain(HistoryFile history, ReadOnlySpan<byte> input)
    {
        _again.Clear();
        HistoryFormat.WriteHeader(default, 0, _again.GetSpan(HistoryFormat.HeaderLength));
        _again.Advance(HistoryFormat.HeaderLength);
        long entryCount = 0;
        for (int i = 0; i < history.BlockCount; i++)
        {
            HistoryBlock block = history.BlockAt(i);
            FuzzLaw.Require(block.Offset == _again.Length, "blocks follow each other");
            _again.Write(input.Slice((int)block.Offset, block.StoredLength));
            entryCount += block.EntryCount;
        }

        FuzzLaw.Require(entryCount == history.EntryCount, "the file has the entries of its blocks");
        int indexOffset = _again.Length;
        for (int i = 0; i < history.BlockCount; i++)
        {
            HistoryFormat.WriteBlock(history.BlockAt(i), _again.GetSpan(HistoryFormat.IndexRecordLength));
            _again.Advance(HistoryFormat.IndexRecordLength);
        }

        uint indexCheck = Crc32C.Compute(_again.Written[indexOffset..]);
        HistoryFormat.WriteTrailer(
            indexOffset, entryCount, history.BlockCount, indexCheck, _again.GetSpan(HistoryFormat.TrailerLength));
        _again.Advance(HistoryFormat.TrailerLength);
    }

    // Makes the records of an index name the bytes before it as their blocks; returns the entries that they state.
    private static long RepairIndex(ReadOnlySpan<byte> file, Span<byte> index)
    {
        int offset = HistoryFormat.HeaderLength;
        long entryCount = 0;
        while (!index.IsEmpty)
        {
            int left = file.Length - offset;
            bool isLast = index.Length == HistoryFormat.IndexRecordLength;
            int stated = BinaryPrimitives.ReadInt32LittleEndian(index[8..]);
            int stored = isLast || stated < 0 || stated > left ? left : stated;
            int raw = BinaryPrimitives.ReadInt32LittleEndian(index[12..]);
            bool wasRaw = raw == stated;
            ReadOnlySpan<byte> block = file.Slice(offset, stored);
            BinaryPrimitives.WriteInt64LittleEndian(index, offset);
            BinaryPrimitives.WriteInt32LittleEndian(index[8..], stored);
            BinaryPrimitives.WriteInt32LittleEndian(index[12..], wasRaw ? stored : raw);
            BinaryPrimitives.WriteUInt32LittleEndian(index[16..], Crc32C.Compute(block));
            entryCount += BinaryPrimitives.ReadInt32LittleEndian(index[20..]);
            offset += stored;
            index = index[HistoryFormat.IndexRecordLength..];
        }

        return entryCount;
    }

    private static byte[] Write(List<byte[]> entries)
    {
        using var volume = new MemoryVolume(new Random(1));
        using (var writer = new HistoryFileWriter(volume, FilePath, default, 0))
        {
            foreach (byte[] entry in entries)
                writer.Add(entry);
            writer.Finish();
        }

        return volume.TryReadAll(FilePath)!;
    }

    private static List<byte[]> Entries(int count, int bodyLength)
    {
        List<byte[]> entries = [];
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        var tip = new ChainTip();
        using var builder = new EntryBuilder();
        for (int i = 0; i < count; i++)
        {
            using var target = new ByteWriter();
            using var changes = new ChangeSet();
            using var body = new BodyBuilder();
            if (bodyLength > 0)
            {
                changes.Write(OpKind.CreateTable, new byte[bodyLength]);
                body.Add(changes);
            }

            builder.Build(target, new DatabaseId(Blake3.Hash("d"u8)), key, tip, new HlcTimestamp((ulong)i + 1), [],
                bodyLength > 0 ? EntryFlags.None : EntryFlags.Merge, bodyLength > 0 ? body : null);
            entries.Add(target.Written.ToArray());
        }

        return entries;
    }
}
