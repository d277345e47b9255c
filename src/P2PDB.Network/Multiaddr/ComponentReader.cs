using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Multiaddr;

/// <summary>Cursor over the components of a binary multiaddr. Borrows the bytes.</summary>
internal ref struct ComponentReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True once bytes were met that are no component of a known protocol.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int RemainingLength => _rest.Length;

    /// <summary>Takes the next component; false at the end or at malformed bytes. The value is not yet checked.</summary>
    public bool TryRead(out AddressProtocol protocol, out ReadOnlySpan<byte> value)
    {
        protocol = AddressProtocol.Ip4;
        value = default;
        if (_rest.IsEmpty)
            return false;

        int codeLength = UnsignedVarint.TryRead(_rest, out ulong code);
        AddressProtocol? found = codeLength == 0 ? null : AddressProtocol.Find(code);
        if (found is null)
            return Malformed();

        ReadOnlySpan<byte> rest = _rest[codeLength..];
        ulong length = (ulong)Math.Max(found.ValueLength, 0);
        if (found.ValueLength == AddressProtocol.LengthPrefixed)
        {
            int prefixLength = UnsignedVarint.TryRead(rest, out length);
            if (prefixLength == 0)
                return Malformed();

            rest = rest[prefixLength..];
        }

        if (length > (ulong)rest.Length)
            return Malformed();

        protocol = found;
        value = rest[..(int)length];
        _rest = rest[(int)length..];
        return true;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }
}
