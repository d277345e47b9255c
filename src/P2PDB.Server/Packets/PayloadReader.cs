using System.Buffers.Binary;

namespace P2PDB.Server.Packets;

/// <summary>
/// Cursor over one payload. Each <c>Try</c> method takes a field or, returning false, leaves the cursor where it was.
/// Borrows the receive buffer: valid until the connection reads again.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>What has not been taken yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>True when everything was taken.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryTake(int length, out ReadOnlySpan<byte> taken)
    {
        bool enough = (uint)length <= (uint)_rest.Length;   // the cast rejects negative lengths too
        taken = enough ? _rest[..length] : default;
        _rest = _rest[taken.Length..];
        return enough;
    }

    public bool TryReadByte(out byte value)
    {
        bool enough = TryTake(1, out ReadOnlySpan<byte> taken);
        value = enough ? taken[0] : default;
        return enough;
    }

    public bool TryReadUInt16(out ushort value)
    {
        bool enough = TryTake(sizeof(ushort), out ReadOnlySpan<byte> taken);
        value = enough ? BinaryPrimitives.ReadUInt16LittleEndian(taken) : default;
        return enough;
    }

    public bool TryReadUInt32(out uint value)
    {
        bool enough = TryTake(sizeof(uint), out ReadOnlySpan<byte> taken);
        value = enough ? BinaryPrimitives.ReadUInt32LittleEndian(taken) : default;
        return enough;
    }

    public bool TryReadUInt64(out ulong value)
    {
        bool enough = TryTake(sizeof(ulong), out ReadOnlySpan<byte> taken);
        value = enough ? BinaryPrimitives.ReadUInt64LittleEndian(taken) : default;
        return enough;
    }

    /// <summary>A length-encoded integer; 0xFB (NULL) and 0xFF are no integers.</summary>
    public bool TryReadLengthEncoded(out ulong value)
    {
        value = 0;
        if (_rest.IsEmpty)
            return false;

        byte first = _rest[0];
        int width = first switch { < 0xFB => 0, 0xFC => 2, 0xFD => 3, 0xFE => 8, _ => -1 };
        if (width < 0 || _rest.Length <= width)
            return false;

        value = first;
        if (width > 0)
        {
            value = 0;
            for (int i = width; i > 0; i--)
                value = value << 8 | _rest[i];
        }

        _rest = _rest[(1 + width)..];
        return true;
    }

    /// <summary>Bytes that follow their length-encoded length.</summary>
    public bool TryReadLengthEncodedBytes(out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> before = _rest;
        if (TryReadLengthEncoded(out ulong length) && length <= (ulong)_rest.Length)
            return TryTake((int)length, out value);

        _rest = before;
        value = default;
        return false;
    }

    /// <summary>Bytes up to a zero byte, which is taken too.</summary>
    public bool TryReadNullTerminated(out ReadOnlySpan<byte> value)
    {
        int length = _rest.IndexOf((byte)0);
        if (length < 0)
        {
            value = default;
            return false;
        }

        value = _rest[..length];
        _rest = _rest[(length + 1)..];
        return true;
    }

    /// <summary>Bytes up to a zero byte or, since some clients leave the last one out, the end of the payload.</summary>
    public ReadOnlySpan<byte> ReadNullTerminatedOrRest()
    {
        if (TryReadNullTerminated(out ReadOnlySpan<byte> value))
            return value;

        value = _rest;
        _rest = default;
        return value;
    }
}
