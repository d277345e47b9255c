// MULTIADDR: a sequence of components, outermost first.
//   binary  varint protocol code, then the value; values of varying length have a varint length before them
//   text    /name/value for each, /name where there is no value
// Golden bytes: tests/P2PDB.Network.Tests/Multiaddr. Varints are the shortest form, so each address has one encoding.
using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Multiaddr;

/// <summary>A libp2p network address such as <c>/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW…</c>. Immutable; equal by bytes.</summary>
public sealed class Multiaddress : IEquatable<Multiaddress>
{
    private readonly byte[] _bytes;
    private string? _text;

    private Multiaddress(byte[] bytes) => _bytes = bytes;

    /// <summary>The binary form; lives as long as this address.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The peer the address ends at: the value of its last <c>/p2p</c>; null if it names none.</summary>
    public PeerId? Peer
    {
        get
        {
            PeerId? peer = null;
            var components = new ComponentReader(_bytes);
            while (components.TryRead(out AddressProtocol protocol, out ReadOnlySpan<byte> value))
            {
                if (protocol == AddressProtocol.P2P)
                    PeerId.TryDecode(value, out peer);
            }

            return peer;
        }
    }

    /// <summary>True for an address that starts with an IP address which means this machine alone.</summary>
    public bool IsLoopback
    {
        get
        {
            var components = new ComponentReader(_bytes);
            if (!components.TryRead(out AddressProtocol protocol, out ReadOnlySpan<byte> value)
                || !(protocol == AddressProtocol.Ip4 || protocol == AddressProtocol.Ip6))
            {
                return false;
            }

            var ip = new IPAddress(value);
            return IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip);
        }
    }

    /// <summary>The address of a TCP end point, or of a WebSocket there, without a peer.</summary>
    public static Multiaddress FromEndPoint(IPEndPoint endPoint, bool isWebSocket = false)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        byte[] host = address.GetAddressBytes();
        byte[] port = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)endPoint.Port);
        var output = new ArrayBufferWriter<byte>(32);
        WriteComponent(output, host.Length == 4 ? AddressProtocol.Ip4 : AddressProtocol.Ip6, host);
        WriteComponent(output, AddressProtocol.Tcp, port);
        if (isWebSocket)
            WriteComponent(output, AddressProtocol.Ws, []);
        return new Multiaddress(output.WrittenSpan.ToArray());
    }

    /// <summary>Decodes the binary form; false for anything malformed, over-long or of an unknown protocol.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Multiaddress? address)
    {
        address = null;
        if (bytes.IsEmpty || bytes.Length > Limits.MultiaddrLengthMax)
            return false;

        var components = new ComponentReader(bytes);
        int count = 0;
        while (components.TryRead(out AddressProtocol protocol, out ReadOnlySpan<byte> value))
        {
            if (!protocol.IsValue(value) || ++count > Limits.MultiaddrComponentCountMax)
                return false;
        }

        if (components.IsMalformed)
            return false;

        address = new Multiaddress(bytes.ToArray());
        return true;
    }

    /// <summary>Parses the text form; false for anything malformed, over-long or of an unknown protocol.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Multiaddress? address)
    {
        address = null;
        if (text.Length is < 2 or > 2 * Limits.MultiaddrLengthMax || text[0] != '/')
            return false;

        if (text[^1] == '/')
            text = text[..^1];

        var output = new ArrayBufferWriter<byte>(64);
        ReadOnlySpan<char> rest = text[1..];
        int count = 0;
        while (TakePart(ref rest, out ReadOnlySpan<char> name))
        {
            AddressProtocol? protocol = AddressProtocol.Find(name);
            if (protocol is null || ++count > Limits.MultiaddrComponentCountMax)
                return false;

            if (protocol.ValueLength == 0)
            {
                WriteComponent(output, protocol, []);
                continue;
            }

            if (!TakePart(ref rest, out ReadOnlySpan<char> valueText) || protocol.ParseValue(valueText) is not { } value)
                return false;

            WriteComponent(output, protocol, value);
        }

        if (count == 0 || output.WrittenCount > Limits.MultiaddrLengthMax)
            return false;

        address = new Multiaddress(output.WrittenSpan.ToArray());
        return true;
    }

    /// <summary>Parses text that the program itself knows to be right.</summary>
    /// <exception cref="FormatException">The text is no multiaddr.</exception>
    public static Multiaddress Parse(string text) =>
        TryParse(text, out Multiaddress? address) ? address! : throw new FormatException($"'{text}' is not a multiaddr");

    /// <summary>This address with <c>/p2p/<paramref name="peer"/></c> at its end, in place of one it may have there.</summary>
    public Multiaddress WithPeer(PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var output = new ArrayBufferWriter<byte>(_bytes.Length + 48);
        output.Write(WithoutPeer()._bytes);
        WriteComponent(output, AddressProtocol.P2P, peer.Bytes);
        return new Multiaddress(output.WrittenSpan.ToArray());
    }

    /// <summary>This address without a <c>/p2p</c> at its end.</summary>
    public Multiaddress WithoutPeer()
    {
        var components = new ComponentReader(_bytes);
        int start = 0;
        int end = _bytes.Length;
        AddressProtocol? last = null;
        int lastStart = 0;
        while (components.TryRead(out AddressProtocol protocol, out _))
        {
            last = protocol;
            lastStart = start;
            start = end - components.RemainingLength;
        }

        return last == AddressProtocol.P2P && lastStart > 0 ? new Multiaddress(_bytes[..lastStart]) : this;
    }

    /// <summary>
    /// Reads an address of TCP or of a WebSocket over it (<c>/ip4|ip6|dns|dns4|dns6/…/tcp/…[/ws][/p2p/…]</c>); false for every other kind.
    /// </summary>
    public bool TryGetTransport(out TransportAddress transport)
    {
        transport = default;
        var components = new ComponentReader(_bytes);
        if (!components.TryRead(out AddressProtocol hostProtocol, out ReadOnlySpan<byte> hostValue)
            || !(hostProtocol == AddressProtocol.Ip4 || hostProtocol == AddressProtocol.Ip6 || hostProtocol == AddressProtocol.Dns
                || hostProtocol == AddressProtocol.Dns4 || hostProtocol == AddressProtocol.Dns6)
            || !components.TryRead(out AddressProtocol portProtocol, out ReadOnlySpan<byte> portValue)
            || portProtocol != AddressProtocol.Tcp)
        {
            return false;
        }

        bool hasMore = components.TryRead(out AddressProtocol next, out _);
        bool isWebSocket = hasMore && next == AddressProtocol.Ws;
        if (isWebSocket)
            hasMore = components.TryRead(out next, out _);
        if (hasMore && (next != AddressProtocol.P2P || components.TryRead(out _, out _)))
            return false;

        transport = new TransportAddress(hostProtocol.FormatValue(hostValue), BinaryPrimitives.ReadUInt16BigEndian(portValue), isWebSocket);
        return true;
    }

    /// <summary>The text form; parsing it gives the same bytes.</summary>
    public override string ToString()
    {
        if (_text is not null)
            return _text;

        var text = new StringBuilder();
        var components = new ComponentReader(_bytes);
        while (components.TryRead(out AddressProtocol protocol, out ReadOnlySpan<byte> value))
        {
            text.Append('/').Append(protocol.Name);
            if (protocol.ValueLength != 0)
                text.Append('/').Append(protocol.FormatValue(value));
        }

        return _text = text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(Multiaddress? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Multiaddress);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    private static bool TakePart(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> part)
    {
        part = default;
        if (rest.IsEmpty)
            return false;

        int end = rest.IndexOf('/');
        part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }

    private static void WriteComponent(ArrayBufferWriter<byte> output, AddressProtocol protocol, ReadOnlySpan<byte> value)
    {
        output.Advance(UnsignedVarint.Write(protocol.Code, output.GetSpan(10)));
        if (protocol.ValueLength == AddressProtocol.LengthPrefixed)
            output.Advance(UnsignedVarint.Write((ulong)value.Length, output.GetSpan(10)));
        output.Write(value);
    }
}
