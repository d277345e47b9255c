// DNS MESSAGE (RFC 1035, section 4; RFC 6762), big-endian:
//   0  u16 id   2  u16 flags: bit 15 response, bits 14..11 operation (0)   4  u16 questions   6  u16 answers   8  u16 authorities
//   10 u16 additionals, then questions: name, u16 type, u16 class; then records: name, u16 type, u16 class, u32 ttl, u16 length, data
// A name is labels of 1 to 63 bytes with their length before them and a zero byte at the end, 255 bytes in all; two bits at the top of a
// length make it a pointer to an earlier name. Names are read into one form: no pointers, ASCII letters small.
// INVARIANT: each pointer of a name leads before all that was read of it, so that a name ends whatever the message says.
using System.Buffers.Binary;

namespace P2PDB.Network.Discovery;

/// <summary>Cursor over one DNS message. Borrows the bytes.</summary>
internal ref struct DnsReader
{
    /// <summary>Longest name, bytes, its end included.</summary>
    public const int NameLengthMax = 255;

    private const int HeaderLength = 12;
    private const int LabelLengthMax = 63;
    private const byte PointerBits = 0xC0;

    private readonly ReadOnlySpan<byte> _message;
    private int _offset;

    public DnsReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        IsMalformed = message.Length < HeaderLength;
        if (IsMalformed)
            return;

        ushort flags = At(2);
        IsResponse = (flags & 0x8000) != 0;
        IsOperationKnown = (flags & 0x780F) == 0;   // a plain query or its answer, without an error
        QuestionCount = At(4);
        RecordCount = At(6) + At(8) + At(10);
        _offset = HeaderLength;
    }

    /// <summary>True for an answer.</summary>
    public bool IsResponse { get; }

    /// <summary>False for messages that mDNS has to ignore.</summary>
    public bool IsOperationKnown { get; }

    /// <summary>Questions that the header promises.</summary>
    public int QuestionCount { get; }

    /// <summary>Records of all kinds that the header promises.</summary>
    public int RecordCount { get; }

    /// <summary>True once something was met that is no DNS.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads a question; its name goes to <paramref name="name"/>, which has <see cref="NameLengthMax"/> bytes.</summary>
    public bool TryReadQuestion(scoped Span<byte> name, out int nameLength, out ushort type, out ushort kind)
    {
        type = 0;
        kind = 0;
        if (!TryReadName(name, out nameLength) || _message.Length - _offset < 4)
            return Malformed();

        type = At(_offset);
        kind = At(_offset + 2);
        _offset += 4;
        return true;
    }

    /// <summary>Reads a record; its name goes to <paramref name="name"/>, which has <see cref="NameLengthMax"/> bytes.</summary>
    public bool TryReadRecord(scoped Span<byte> name, out int nameLength, out DnsRecord record)
    {
        record = default;
        if (!TryReadName(name, out nameLength) || _message.Length - _offset < 10)
            return Malformed();

        int length = At(_offset + 8);
        if (length > _message.Length - _offset - 10)
            return Malformed();

        record = new DnsRecord
        {
            Type = At(_offset),
            Class = At(_offset + 2),
            TimeToLiveSeconds = BinaryPrimitives.ReadUInt32BigEndian(_message[(_offset + 4)..]),
            Data = _message.Slice(_offset + 10, length),
        };
        _offset += 10 + length;
        return true;
    }

    private static byte ToLower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;

    private bool TryReadName(scoped Span<byte> name, out int nameLength)
    {
        nameLength = 0;
        int offset = _offset;
        int lowest = _offset;
        bool isAway = false;
        while (offset < _message.Length)
        {
            byte length = _message[offset];
            if (length >= PointerBits)
            {
                if (offset + 1 >= _message.Length)
                    return false;

                int target = At(offset) & 0x3FFF;
                if (target >= lowest || target < HeaderLength)
                    return false;

                if (!isAway)
                    _offset = offset + 2;
                isAway = true;
                lowest = target;
                offset = target;
                continue;
            }

            int roomForEnd = length == 0 ? 0 : 1;
            if (length > LabelLengthMax || length >= _message.Length - offset || nameLength + 1 + length + roomForEnd > NameLengthMax)
                return false;

            name[nameLength++] = length;
            foreach (byte b in _message.Slice(offset + 1, length))
                name[nameLength++] = ToLower(b);
            offset += 1 + length;
            if (length > 0)
                continue;

            if (!isAway)
                _offset = offset;
            return true;
        }

        return false;
    }

    private readonly ushort At(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_message[offset..]);

    private bool Malformed()
    {
        IsMalformed = true;
        return false;
    }
}
