using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Compression;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

/// <summary>One immutable history file, open for reading.</summary>
internal sealed class HistoryFile : IDisposable
{
    private readonly StorageFile _file;
    private readonly string _path;
    private readonly HistoryBlock[] _blocks;

    private HistoryFile(StorageFile file, string path, HistoryBlock[] blocks, long entryCount, uint check)
    {
        _file = file;
        _path = path;
        _blocks = blocks;
        EntryCount = entryCount;
        Check = check;
    }

    /// <summary>Blocks in the file.</summary>
    public int BlockCount => _blocks.Length;

    /// <summary>Entries in the file.</summary>
    public long EntryCount { get; }

    /// <summary>Checksum of the index, which has the checksums of all blocks.</summary>
    public uint Check { get; }

    /// <summary>Opens a file; <see cref="CorruptionException"/> when its header, index or trailer is not as it was written.</summary>
    public static HistoryFile Open(StorageVolume volume, string path, in DatabaseId database, ulong number)
    {
        StorageFile file = volume.Open(path, StorageOpening.Existing);
        try
        {
            return Read(file, path, database, number);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The index record of a block.</summary>
    public HistoryBlock BlockAt(int index) => _blocks[index];

    /// <summary>Reads a block, raw, into <paramref name="target"/>, which it empties first.</summary>
    public void ReadBlock(int index, ByteWriter target)
    {
        HistoryBlock block = _blocks[index];
        using RentedBuffer stored = RentedBuffer.Rent(block.StoredLength);
        if (_file.Read(block.Offset, stored.Span) < block.StoredLength || Crc32C.Compute(stored.Span) != block.Check)
            throw new CorruptionException(_path, block.Offset, "the block's checksum is wrong");

        target.Clear();
        Span<byte> raw = target.GetSpan(block.RawLength)[..block.RawLength];
        if (block.StoredLength == block.RawLength)
            stored.Span.CopyTo(raw);
        else if (!Lz4Block.TryDecompress(stored.Span, raw))
            throw new CorruptionException(_path, block.Offset, "the block does not decompress");
        target.Advance(block.RawLength);
    }

    /// <summary>Says that the entries of a block are not what was written.</summary>
    public CorruptionException Corruption(int block, string what) => new(_path, _blocks[block].Offset, what);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static HistoryFile Read(StorageFile file, string path, in DatabaseId database, ulong number)
    {
        long length = file.Length;
        byte[] ends = new byte[HistoryFormat.HeaderLength + HistoryFormat.TrailerLength];
        if (length < ends.Length
            || file.Read(0, ends.AsSpan(0, HistoryFormat.HeaderLength)) < HistoryFormat.HeaderLength
            || !HistoryFormat.IsHeader(ends, database, number))
        {
            throw new CorruptionException(path, 0, "the header is not the one of this file");
        }

        Span<byte> trailer = ends.AsSpan(HistoryFormat.HeaderLength);
        long trailerOffset = length - HistoryFormat.TrailerLength;
        file.Read(trailerOffset, trailer);
        if (!HistoryFormat.TryReadTrailer(trailer, length, out long indexOffset, out int blockCount, out uint indexCheck,
            out long entryCount))
        {
            throw new CorruptionException(path, trailerOffset, "the trailer is not one");
        }

        using RentedBuffer index = RentedBuffer.Rent(checked(blockCount * HistoryFormat.IndexRecordLength));
        if (file.Read(indexOffset, index.Span) < index.Length || Crc32C.Compute(index.Span) != indexCheck)
            throw new CorruptionException(path, indexOffset, "the index's checksum is wrong");
        var blocks = new HistoryBlock[blockCount];
        long offset = HistoryFormat.HeaderLength;
        long counted = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            ReadOnlySpan<byte> record = index.Span.Slice(i * HistoryFormat.IndexRecordLength, HistoryFormat.IndexRecordLength);
            if (!HistoryFormat.TryReadBlock(record, offset, indexOffset, out blocks[i]))
                throw new CorruptionException(path, indexOffset + (i * HistoryFormat.IndexRecordLength), "the index is wrong");
            offset += blocks[i].StoredLength;
            counted += blocks[i].EntryCount;
        }

        if (offset != indexOffset)
            throw new CorruptionException(path, offset, "blocks and index do not meet");
        return counted == entryCount
            ? new HistoryFile(file, path, blocks, entryCount, indexCheck)
            : throw new CorruptionException(path, trailerOffset, "the blocks have another number of entries than the trailer says");
    }
}
