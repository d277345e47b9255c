namespace P2PDB.Network.Discovery;

/// <summary>One record of a DNS message. Borrows its data.</summary>
internal ref struct DnsRecord
{
    /// <summary>The type of a pointer to another name.</summary>
    public const ushort PointerType = 12;

    /// <summary>The type of texts.</summary>
    public const ushort TextType = 16;

    /// <summary>The Internet class.</summary>
    public const ushort InternetClass = 1;

    /// <summary>In mDNS the top bit of a class means something else: a unicast answer wanted, or older records to be forgotten.</summary>
    public const ushort ClassMask = 0x7FFF;

    /// <summary>What kind of data it has.</summary>
    public ushort Type { get; init; }

    /// <summary>Its class, mDNS's top bit included.</summary>
    public ushort Class { get; init; }

    /// <summary>How long it is true; 0 takes back what was said before.</summary>
    public uint TimeToLiveSeconds { get; init; }

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data { get; init; }
}
