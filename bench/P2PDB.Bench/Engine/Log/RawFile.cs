using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Bench.Engine.Log;

/// <summary>
/// The disk's own durable appends, to compare the journal with: whole blocks, O_DSYNC, into a file of a segment's length that was filled with
/// zeros, and the last block again with what follows it.
/// </summary>
internal sealed class RawFile : IDisposable
{
    private const int Length = 32 * 1024 * 1024;
    private const string Name = "raw";

    private readonly StorageFile _file;
    private readonly BlockBuffer _blocks = new(StorageFile.BlockLength);
    private long _position;

    public RawFile(StorageVolume volume)
    {
        using (StorageFile file = volume.Open(Name, StorageOpening.CreateEmpty))
            file.FillWithZeros(0, Length);
        _file = volume.Open(Name, StorageOpening.Existing, writeThrough: true);
    }

    /// <summary>Makes this many bytes more durable; starts over at the file's end.</summary>
    public void Append(int length)
    {
        if (_position + length > Length)
            _position = 0;
        long start = _position - (_position % StorageFile.BlockLength);
        _position += length;
        int touched = (int)(_position - start);
        int written = (touched + StorageFile.BlockLength - 1) / StorageFile.BlockLength * StorageFile.BlockLength;
        _blocks.Grow(written);
        _file.Write(start, _blocks.Span[..written]);
    }

    public void Dispose() => _file.Dispose();
}
