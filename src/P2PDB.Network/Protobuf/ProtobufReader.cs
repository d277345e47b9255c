namespace P2PDB.Network.Protobuf;

/// <summary>Cursor over one protobuf message. Borrows the bytes; never throws on them.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>True once a malformed field was met; what was read before stands.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Bytes behind what was read.</summary>
    public readonly int RemainingLength => _rest.Length;

    /// <summary>Moves to the next field; false at the end or at malformed bytes.</summary>
    /// <param name="field">Number of the field, 1 or more.</param>
    /// <param name="value">The value of a varint or fixed field.</param>
    /// <param name="bytes">The bytes of a length-delimited field; empty otherwise.</param>
    public bool TryReadField(out ProtobufField field, out ulong value, out ReadOnlySpan<byte> bytes)
    {
        field = default;
        value = 0;
        bytes = default;
        if (_rest.IsEmpty)
            return false;

        if (!TryReadVarint(out ulong key) || key >> 3 is 0 or > 0x1FFF_FFFF)
            return Malformed();

        field = new ProtobufField((int)(key >> 3), (WireType)(key & 7));
        switch (field.WireType)
        {
            case WireType.Varint:
                return TryReadVarint(out value) || Malformed();
            case WireType.Fixed64:
                return TryTake(8, out bytes) || Malformed();
            case WireType.Fixed32:
                return TryTake(4, out bytes) || Malformed();
            case WireType.Bytes:
                return (TryReadVarint(out ulong length) && TryTake(length, out bytes)) || Malformed();
            default:
                return Malformed();   // groups are no part of proto3
        }
    }

    private bool TryReadVarint(out ulong value)
    {
        int length = UnsignedVarint.TryReadLenient(_rest, out value);
        if (length == 0)
            return false;

        _rest = _rest[length..];
        return true;
    }

    private bool TryTake(ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (ulong)_rest.Length)
            return false;

        taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }
}
