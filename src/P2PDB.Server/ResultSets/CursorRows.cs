using System.Buffers.Binary;

namespace P2PDB.Server.ResultSets;

/// <summary>
/// The rows of one cursor, each as the payload of its packet, from the first to the last: in memory while they are few,
/// then in a file that goes with the cursor.
/// </summary>
internal sealed class CursorRows(CursorFiles files) : IDisposable
{
    /// <summary>A client may hold thousands of cursors open: each keeps this much in memory at most.</summary>
    private const int MemoryLengthMax = 64 << 10;

    private Stream _stream = new MemoryStream();
    private byte[] _row = [];
    private long _length;
    private long _taken;

    /// <summary>True once the rows are in a file.</summary>
    public bool IsInFile => _stream is FileStream;

    /// <summary>Adds a row; all are added before the first is taken.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(ReadOnlySpan<byte> row)
    {
        if (!IsInFile && _length + sizeof(int) + row.Length > MemoryLengthMax)
            MoveToFile();
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, row.Length);
        _stream.Write(prefix);
        _stream.Write(row);
        _length += sizeof(int) + row.Length;
    }

    /// <summary>Takes the next row, borrowed until the next call; false after the last.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryTake(out ReadOnlySpan<byte> row)
    {
        row = default;
        if (_taken == _length)
            return false;
        if (_taken == 0)
            _stream.Position = 0;
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        _stream.ReadExactly(prefix);
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (_row.Length < length)
            _row = new byte[length];
        _stream.ReadExactly(_row, 0, length);
        _taken += sizeof(int) + length;
        row = _row.AsSpan(0, length);
        return true;
    }

    /// <summary>Gives back what a long row took; none is borrowed any more.</summary>
    public void Trim()
    {
        if (_row.Length > MemoryLengthMax)
            _row = [];
    }

    public void Dispose()
    {
        if (_stream is FileStream file)
            files.Close(file);
        else
            _stream.Dispose();
    }

    private void MoveToFile()
    {
        FileStream file = files.Open();
        var memory = (MemoryStream)_stream;
        _stream = file;
        memory.WriteTo(file);
    }
}
