using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

/// <summary>Writes one index of a history file, piece by piece: it counts once it is kept, and disposing it before leaves nothing of it.</summary>
internal sealed class HistoryIndexWriter : IDisposable
{
    private readonly StorageVolume _volume;
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly StorageFile _file;
    private readonly ByteWriter _pending = new();
    private long _offset;
    private uint _check;
    private bool _isKept;

    /// <summary>Creates the file under a temporary name.</summary>
    public HistoryIndexWriter(StorageVolume volume, string path, string temporaryPath)
    {
        _volume = volume;
        _path = path;
        _temporaryPath = temporaryPath;
        _file = volume.Open(temporaryPath, StorageOpening.CreateEmpty);
    }

    /// <summary>Where the next bytes will lie.</summary>
    public long Position => _offset + _pending.Length;

    /// <summary>The next <paramref name="length"/> bytes, for the caller to fill before the next call.</summary>
    public Span<byte> Next(int length)
    {
        if (_pending.Length >= StorageFile.SyncLength)
            WritePending();
        Span<byte> bytes = _pending.GetSpan(length)[..length];
        _pending.Advance(length);
        return bytes;
    }

    /// <summary>
    /// Writes the checksum, and gives the file its name. A power loss may take the name away again: then the history file is read itself.
    /// </summary>
    public void Keep()
    {
        WritePending();
        BinaryPrimitives.WriteUInt32LittleEndian(Next(HistoryIndexFormat.TrailerLength), _check);
        WritePending();
        _file.Sync();
        _file.Dispose();
        _volume.Rename(_temporaryPath, _path);
        _isKept = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _pending.Dispose();
        if (!_isKept)
            _volume.Delete(_temporaryPath);
    }

    private void WritePending()
    {
        _file.Write(_offset, _pending.Written);
        _check = Crc32C.Append(_check, _pending.Written);
        _offset += _pending.Length;
        _pending.Clear();
    }
}
