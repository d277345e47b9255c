using System.Buffers;
using System.Buffers.Binary;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>Reads a stretch of a finished <see cref="SpillFile"/> row by row through one buffer. Spans are valid until the next row.</summary>
internal sealed class SpillReader : IDisposable
{
    private readonly SpillFile _file;
    private readonly long _end;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SpillFile.BufferLength);
    private long _position;
    private int _bufferStart;
    private int _bufferEnd;
    private int _keyStart;
    private int _keyLength;

    /// <summary>Begins before the first row.</summary>
    public SpillReader(SpillFile file, SpillStretch stretch)
    {
        _file = file;
        _position = stretch.Start;
        _end = stretch.End;
    }

    /// <summary>The row as it is written, without its length.</summary>
    public ReadOnlySpan<byte> Row => _buffer.AsSpan(_bufferStart, RowLength);

    /// <summary>The row's key.</summary>
    public ReadOnlySpan<byte> Key => _buffer.AsSpan(_keyStart, _keyLength);

    /// <summary>Bytes of the row.</summary>
    public int RowLength { get; private set; }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read()
    {
        _bufferStart += RowLength;
        RowLength = 0;
        if (_bufferEnd - _bufferStart < sizeof(uint) && !Fill(sizeof(uint)))
            return false;
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_bufferStart));
        _bufferStart += sizeof(uint);
        if (_bufferEnd - _bufferStart < length && !Fill(length))
            throw new InvalidOperationException("A spilled row ends before its length.");
        RowLength = length;
        Varint.TryRead(Row, out ulong keyLength, out int prefix);
        _keyStart = _bufferStart + prefix;
        _keyLength = (int)keyLength;
        return true;
    }

    /// <summary>Copies the row's values: value i goes to column <paramref name="columns"/>[i] of the batch.</summary>
    public void CopyTo(RowBatch target, int targetRow, ReadOnlySpan<int> columns) =>
        SpilledValues.Read(_buffer.AsSpan(_keyStart + _keyLength, RowLength - (_keyStart - _bufferStart) - _keyLength), target, targetRow, columns);

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Has at least <paramref name="length"/> bytes at the start of the buffer, and as many more as fit; false where the stretch has ended.</summary>
    private bool Fill(int length)
    {
        int kept = _bufferEnd - _bufferStart;
        if (kept + (_end - _position) < length)
            return false;
        byte[] old = _buffer;
        if (_buffer.Length < length)
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        old.AsSpan(_bufferStart, kept).CopyTo(_buffer);
        if (!ReferenceEquals(old, _buffer))
            ArrayPool<byte>.Shared.Return(old);
        int read = (int)Math.Min(_buffer.Length - kept, _end - _position);
        _file.Read(_position, _buffer.AsSpan(kept, read));
        _position += read;
        (_bufferStart, _bufferEnd) = (0, kept + read);
        return true;
    }
}
