using System.Buffers.Binary;

namespace P2PDB.Primitives.Buffers;

/// <summary>
/// Cursor over borrowed bytes, little-endian. Every step says whether it succeeded; a step that fails takes nothing.
/// </summary>
/// <param name="source">What is read; spans handed out lie in it.</param>
public ref struct ByteReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;

    /// <summary>Bytes taken so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not taken yet.</summary>
    public readonly int Remaining => _source.Length - _position;

    /// <summary>True when nothing is left.</summary>
    public readonly bool IsAtEnd => _position == _source.Length;

    /// <summary>The bytes not taken yet, without taking them.</summary>
    public readonly ReadOnlySpan<byte> Rest => _source[_position..];

    /// <summary>Takes one byte.</summary>
    public bool TryReadByte(out byte value)
    {
        if ((uint)_position >= (uint)_source.Length)
        {
            value = 0;
            return false;
        }

        value = _source[_position++];
        return true;
    }

    /// <summary>Takes two bytes, little-endian.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        bool read = BinaryPrimitives.TryReadUInt16LittleEndian(Rest, out value);
        _position += read ? sizeof(ushort) : 0;
        return read;
    }

    /// <summary>Takes four bytes, little-endian.</summary>
    public bool TryReadUInt32(out uint value)
    {
        bool read = BinaryPrimitives.TryReadUInt32LittleEndian(Rest, out value);
        _position += read ? sizeof(uint) : 0;
        return read;
    }

    /// <summary>Takes eight bytes, little-endian.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        bool read = BinaryPrimitives.TryReadUInt64LittleEndian(Rest, out value);
        _position += read ? sizeof(ulong) : 0;
        return read;
    }

    /// <summary>Takes a <see cref="Varint"/>; false as well when it is not in its shortest form.</summary>
    public bool TryReadVarint(out ulong value)
    {
        bool read = Varint.TryRead(Rest, out value, out int length);
        _position += length;
        return read;
    }

    /// <summary>Takes a <see cref="Varint"/> of at most <paramref name="max"/>; a larger one is not taken.</summary>
    public bool TryReadVarint(int max, out int value)
    {
        bool read = Varint.TryRead(Rest, out ulong wide, out int length) && wide <= (ulong)max;
        value = read ? (int)wide : 0;
        _position += read ? length : 0;
        return read;
    }

    /// <summary>Takes <paramref name="length"/> bytes, uncopied.</summary>
    public bool TryReadBytes(int length, out ReadOnlySpan<byte> bytes)
    {
        // The cast rejects negative lengths too.
        if ((uint)length > (uint)Remaining)
        {
            bytes = default;
            return false;
        }

        bytes = _source.Slice(_position, length);
        _position += length;
        return true;
    }

    /// <summary>Passes over <paramref name="length"/> bytes.</summary>
    public bool TrySkip(int length) => TryReadBytes(length, out _);
}
