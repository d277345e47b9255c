using System.Buffers.Binary;
using System.Text;

namespace P2PDB.Host.Client;

/// <summary>Cursor over one message of the server. Reading past its end throws, as the connection is then useless.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>A length-encoded integer; null is the marker for SQL's NULL.</summary>
    public ulong? LengthEncoded() => Byte() switch
    {
        0xFB => null,
        0xFC => UInt16(),
        0xFD => (ulong)(UInt16() | (Byte() << 16)),
        0xFE => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
        0xFF => throw new InvalidDataException("The server sent a length that is none."),
        byte small => small,
    };

    /// <summary>A length-encoded text; null is SQL's NULL.</summary>
    public string? Text() => LengthEncoded() is { } length ? Encoding.UTF8.GetString(Take((int)Math.Min(length, int.MaxValue))) : null;

    public string TextToNull()
    {
        int end = _rest.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(Take(end < 0 ? _rest.Length : end));
        if (end >= 0)
            Take(1);
        return text;
    }

    public string TextToEnd() => Encoding.UTF8.GetString(Take(_rest.Length));

    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
            throw new InvalidDataException("The server sent a packet that ends too early.");

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
