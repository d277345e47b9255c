using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PDB.Network.Peers;
using P2PDB.Primitives.Content;
using SimpleBase;

namespace P2PDB.Network.Multiaddr;

/// <summary>One protocol of the multiaddr table: its number, name and the form of its value.</summary>
internal sealed class AddressProtocol
{
    /// <summary>A value whose length is written before it.</summary>
    public const int LengthPrefixed = -1;

    public static readonly AddressProtocol Ip4 = new(4, "ip4", 4, ValueForm.Ip4);
    public static readonly AddressProtocol Tcp = new(6, "tcp", 2, ValueForm.Port);
    public static readonly AddressProtocol Ip6 = new(41, "ip6", 16, ValueForm.Ip6);
    public static readonly AddressProtocol Dns = new(53, "dns", LengthPrefixed, ValueForm.Name);
    public static readonly AddressProtocol Dns4 = new(54, "dns4", LengthPrefixed, ValueForm.Name);
    public static readonly AddressProtocol Dns6 = new(55, "dns6", LengthPrefixed, ValueForm.Name);
    public static readonly AddressProtocol P2P = new(421, "p2p", LengthPrefixed, ValueForm.Peer);
    public static readonly AddressProtocol Ws = new(477, "ws", 0, ValueForm.None);

    // The rest is understood so that addresses of other peers survive a round trip; we dial none of them.
    private static readonly AddressProtocol[] All =
    [
        Ip4, Tcp, Ip6, Dns, Dns4, Dns6, P2P, Ws,
        new(478, "wss", 0, ValueForm.None),
        new(56, "dnsaddr", LengthPrefixed, ValueForm.Name),
        new(42, "ip6zone", LengthPrefixed, ValueForm.Name),
        new(273, "udp", 2, ValueForm.Port),
        new(290, "p2p-circuit", 0, ValueForm.None),
        new(448, "tls", 0, ValueForm.None),
        new(449, "sni", LengthPrefixed, ValueForm.Name),
        new(454, "noise", 0, ValueForm.None),
        new(460, "quic", 0, ValueForm.None),
        new(461, "quic-v1", 0, ValueForm.None),
        new(465, "webtransport", 0, ValueForm.None),
        new(466, "certhash", LengthPrefixed, ValueForm.Multibase),
        new(280, "webrtc-direct", 0, ValueForm.None),
        new(281, "webrtc", 0, ValueForm.None),
        new(480, "http", 0, ValueForm.None),
        new(443, "https", 0, ValueForm.None),
    ];

    private static readonly SearchValues<char> Ip4Text = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> Ip6Text = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly ValueForm _form;

    private AddressProtocol(uint code, string name, int length, ValueForm form)
    {
        Code = code;
        Name = name;
        ValueLength = length;
        _form = form;
    }

    private enum ValueForm : byte { None, Ip4, Ip6, Port, Name, Peer, Multibase }

    /// <summary>The code in the binary form.</summary>
    public uint Code { get; }

    /// <summary>The name in the text form.</summary>
    public string Name { get; }

    /// <summary>Length of the value, bytes; <see cref="LengthPrefixed"/> where it varies.</summary>
    public int ValueLength { get; }

    public static AddressProtocol? Find(ulong code)
    {
        foreach (AddressProtocol protocol in All)
        {
            if (protocol.Code == code)
                return protocol;
        }

        return null;
    }

    public static AddressProtocol? Find(ReadOnlySpan<char> name)
    {
        if (name.SequenceEqual("ipfs"))
            return P2P;   // the name before 2018

        foreach (AddressProtocol protocol in All)
        {
            if (name.SequenceEqual(protocol.Name))
                return protocol;
        }

        return null;
    }

    /// <summary>Turns the value's text into its bytes; null where the text is no value of this protocol.</summary>
    public byte[]? ParseValue(ReadOnlySpan<char> text)
    {
        byte[]? value = _form switch
        {
            ValueForm.Ip4 => ParseAddress(text, AddressFamily.InterNetwork),
            ValueForm.Ip6 => ParseAddress(text, AddressFamily.InterNetworkV6),
            ValueForm.Port => ParsePort(text),
            ValueForm.Name => Encoding.UTF8.GetBytes(text.ToString()),
            ValueForm.Peer => PeerId.TryParse(text, out PeerId? peer) ? peer!.Bytes.ToArray() : null,
            ValueForm.Multibase => ParseMultibase(text),
            _ => null,
        };
        return value is not null && IsValue(value) ? value : null;
    }

    /// <summary>True if the bytes are a value of this protocol that its text form can express.</summary>
    public bool IsValue(ReadOnlySpan<byte> value) => _form switch
    {
        ValueForm.Name => IsName(value),
        ValueForm.Peer => PeerId.TryDecode(value, out _),
        ValueForm.Multibase => value.Length is > 0 and <= 128,
        _ => value.Length == ValueLength,
    };

    /// <summary>The text of a valid value.</summary>
    public string FormatValue(ReadOnlySpan<byte> value)
    {
        switch (_form)
        {
            case ValueForm.Ip4:
            case ValueForm.Ip6:
                return new IPAddress(value).ToString();
            case ValueForm.Port:
                return BinaryPrimitives.ReadUInt16BigEndian(value).ToString(CultureInfo.InvariantCulture);
            case ValueForm.Name:
                return Encoding.UTF8.GetString(value);
            case ValueForm.Peer:
                return PeerId.TryDecode(value, out PeerId? peer) ? peer!.ToString() : "";
            case ValueForm.Multibase:
                return "z" + Base58.Bitcoin.Encode(value);
            default:
                return "";
        }
    }

    private static byte[]? ParseAddress(ReadOnlySpan<char> text, AddressFamily family)
    {
        // .NET also reads "1", "0x7f.1", "[::1]" and "::1%eth0" as addresses; multiaddr means the plain forms only.
        bool plain = family == AddressFamily.InterNetwork
            ? text.Count('.') == 3 && !text.ContainsAnyExcept(Ip4Text)
            : text.Contains(':') && !text.ContainsAnyExcept(Ip6Text);
        if (!plain || !IPAddress.TryParse(text, out IPAddress? address) || address.AddressFamily != family)
            return null;

        if (family == AddressFamily.InterNetwork && !text.SequenceEqual(address.ToString()))
            return null;   // leading zeros would be read as octal

        return address.GetAddressBytes();
    }

    private static byte[]? ParsePort(ReadOnlySpan<char> text)
    {
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return null;

        byte[] value = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(value, port);
        return value;
    }

    private static byte[]? ParseMultibase(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > 180 || text[0] != 'z')
            return null;

        Span<byte> decoded = stackalloc byte[180];
        return Base58Text.TryDecode(text[1..], decoded, out int length) ? decoded[..length].ToArray() : null;
    }

    // A name with a slash or a control character, or with bytes that are no UTF-8, would not survive the text form.
    private static bool IsName(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 253)
            return false;

        foreach (byte b in value)
        {
            if (b is <= (byte)' ' or (byte)'/' or > 126)
                return false;
        }

        return true;
    }
}
