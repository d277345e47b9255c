using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Compression;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

/// <summary>Writes one history file under a temporary name, entry by entry.</summary>
internal sealed class HistoryFileWriter : IDisposable
{
    private readonly StorageFile _file;
    private readonly DatabaseId _database;
    private readonly ulong _number;
    private readonly ByteWriter _raw = new(HistoryFormat.BlockLengthMin * 2);
    private readonly ByteWriter _index = new();
    private long _offset = HistoryFormat.HeaderLength;
    private long _entryCount;
    private int _blockEntryCount;
    private ulong _firstSeq;
    private AuthorKey _firstAuthor;

    /// <summary>Creates the file, empty so far.</summary>
    public HistoryFileWriter(StorageVolume volume, string path, in DatabaseId database, ulong number)
    {
        _database = database;
        _number = number;
        _file = volume.Open(path, StorageOpening.CreateEmpty);
    }

    /// <summary>Blocks ended so far: the number of the one that is filled now.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Appends the next entry; returns its offset in the current raw block.</summary>
    public int Add(ReadOnlySpan<byte> entry)
    {
        if (_raw.Length >= HistoryFormat.BlockLengthMin)
            EndBlock();
        if (_blockEntryCount == 0)
        {
            EntryReader.TryRead(entry, out EntryReader first);
            _firstSeq = first.Seq;
            _firstAuthor = first.Author;
        }

        int offset = _raw.Length;
        _raw.Write(entry);
        _blockEntryCount++;
        _entryCount++;
        return offset;
    }

    /// <summary>Writes what is left, index, trailer and header, and syncs the file.</summary>
    public void Finish()
    {
        if (_blockEntryCount > 0)
            EndBlock();
        _file.Write(_offset, _index.Written);
        Span<byte> trailer = stackalloc byte[HistoryFormat.TrailerLength];
        HistoryFormat.WriteTrailer(_offset, _entryCount, BlockCount, Crc32C.Compute(_index.Written), trailer);
        _file.Write(_offset + _index.Length, trailer);
        Span<byte> header = stackalloc byte[HistoryFormat.HeaderLength];
        HistoryFormat.WriteHeader(_database, _number, header);
        _file.Write(0, header);
        _file.Sync();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _raw.Dispose();
        _index.Dispose();
    }

    private void EndBlock()
    {
        using RentedBuffer packed = RentedBuffer.Rent(_raw.Length - 1);
        int packedLength = Lz4Block.Compress(_raw.Written, packed.Span);
        ReadOnlySpan<byte> stored = packedLength > 0 ? packed.Span[..packedLength] : _raw.Written;
        _file.Write(_offset, stored);
        var block = new HistoryBlock(
            _offset, stored.Length, _raw.Length, Crc32C.Compute(stored), _blockEntryCount, _firstSeq, _firstAuthor);
        HistoryFormat.WriteBlock(block, _index.GetSpan(HistoryFormat.IndexRecordLength));
        _index.Advance(HistoryFormat.IndexRecordLength);
        _offset += stored.Length;
        _raw.Clear();
        _blockEntryCount = 0;
        BlockCount++;
    }
}
