using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace P2PDB.Primitives.Buffers;

/// <summary>
/// Growable pooled buffer that is written from front to back, little-endian. Spans and memory taken from it are valid
/// until the next write, <see cref="Clear"/> or <see cref="Dispose"/>. Not safe for several threads.
/// </summary>
public sealed class ByteWriter : IBufferWriter<byte>, IDisposable
{
    private byte[] _buffer;
    private int _length;

    /// <summary>Creates an empty writer with room for <paramref name="capacity"/> bytes.</summary>
    public ByteWriter(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 16));
    }

    /// <summary>Bytes written so far.</summary>
    public int Length => _length;

    /// <summary>The bytes written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>The bytes written so far, open to patching (a length known only afterwards).</summary>
    public Span<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <summary>The bytes written so far.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Appends one byte.</summary>
    public void WriteByte(byte value)
    {
        int length = _length;
        if ((uint)length >= (uint)_buffer.Length)
            Grow(1);
        _buffer[length] = value;
        _length = length + 1;
    }

    /// <summary>Appends two bytes, little-endian.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Room(sizeof(ushort)), value);
        _length += sizeof(ushort);
    }

    /// <summary>Appends four bytes, little-endian.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), value);
        _length += sizeof(uint);
    }

    /// <summary>Appends eight bytes, little-endian.</summary>
    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    /// <summary>Appends <paramref name="value"/> as a <see cref="Varint"/>.</summary>
    public void WriteVarint(ulong value)
    {
        if (value < 0x80)
            WriteByte((byte)value);
        else
            _length += Varint.Write(Room(Varint.LengthMax), value);
    }

    /// <summary>Appends a copy of <paramref name="source"/>, which may lie in this writer.</summary>
    public void Write(ReadOnlySpan<byte> source)
    {
        if (source.Length > _buffer.Length - _length)
            GrowAndWrite(source);
        else
            source.CopyTo(_buffer.AsSpan(_length));
        _length += source.Length;
    }

    /// <summary>Appends <paramref name="length"/> zero bytes.</summary>
    public void WriteZeros(int length)
    {
        Room(length)[..length].Clear();
        _length += length;
    }

    /// <summary>At least <paramref name="sizeHint"/> (or one) writable bytes; follow with <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int sizeHint = 0) => Room(Math.Max(sizeHint, 1));

    /// <summary>At least <paramref name="sizeHint"/> (or one) writable bytes; follow with <see cref="Advance"/>.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    /// <summary>Counts <paramref name="count"/> bytes of the last span or memory as written.</summary>
    public void Advance(int count)
    {
        if ((uint)count > (uint)(_buffer.Length - _length))
            throw new ArgumentOutOfRangeException(nameof(count));
        _length += count;
    }

    /// <summary>Forgets everything written and keeps the memory.</summary>
    public void Clear() => _length = 0;

    /// <summary>Forgets what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        if ((uint)length > (uint)_length)
            throw new ArgumentOutOfRangeException(nameof(length));
        _length = length;
    }

    /// <summary>Returns the memory to the pool; the writer is empty afterwards and must not be written again.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int length)
    {
        if ((uint)length > (uint)(_buffer.Length - _length))
            Grow(length);
        return _buffer.AsSpan(_length);
    }

    private void Grow(int length) => Release(Enlarge(length));

    private void GrowAndWrite(ReadOnlySpan<byte> source)
    {
        // The old buffer goes back only after the copy: the source may be a part of it.
        byte[] old = Enlarge(source.Length);
        source.CopyTo(_buffer.AsSpan(_length));
        Release(old);
    }

    private byte[] Enlarge(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        long needed = (long)_length + length;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException("A buffer cannot grow past 2 GiB.");

        byte[] old = _buffer;
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * old.Length), Array.MaxLength));
        old.AsSpan(0, _length).CopyTo(larger);
        _buffer = larger;
        return old;
    }

    private static void Release(byte[] buffer) => ArrayPool<byte>.Shared.Return(buffer);
}
