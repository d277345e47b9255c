// HANDSHAKE RESPONSE 4.1, client to server. Golden bytes: tests/P2PDB.Server.Tests/Packets
//    u32 capabilities · u32 max packet · u8 collation · 23 zeros · user, zero-terminated
//    authentication: lenenc bytes (LengthEncodedAuthentication) or u8 length + bytes (SecureConnection) or zero-terminated
//    database, zero-terminated (ConnectWithDatabase) · plugin name, zero-terminated (PluginAuthentication)
//    lenenc length of attributes, pairs of lenenc text (ConnectAttributes)
// A client that wants TLS sends the fixed 32 bytes with the bit Ssl first, then agrees on TLS, then sends it all.
// COM_CHANGE_USER carries the same things in another order: user · u8 length + authentication · database
//    · u16 collation · plugin name · attributes; the last three may be absent.
using System.Buffers.Binary;

namespace P2PDB.Server.Packets;

/// <summary>Who a client says it is. Borrows the payload it was parsed from.</summary>
internal readonly ref struct HandshakeResponse
{
    private const int ReservedLength = 23;

    /// <summary>The fixed part: all that a request for TLS has.</summary>
    private const int FixedLength = 32;

    public Capabilities Capabilities { get; private init; }

    public byte Collation { get; private init; }

    /// <summary>User name in UTF-8.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>Proof for the plugin <see cref="Plugin"/>.</summary>
    public ReadOnlySpan<byte> Authentication { get; private init; }

    /// <summary>Schema to start in; empty for none.</summary>
    public ReadOnlySpan<byte> Database { get; private init; }

    /// <summary>Plugin the client used; empty when it named none.</summary>
    public ReadOnlySpan<byte> Plugin { get; private init; }

    /// <summary>Connection attributes: pairs of length-encoded texts, each checked to fit.</summary>
    public ReadOnlySpan<byte> Attributes { get; private init; }

    /// <summary>True for the fixed part alone with the bit for TLS: the response follows once that is agreed on.</summary>
    public static bool IsTlsRequest(ReadOnlySpan<byte> payload) =>
        payload.Length == FixedLength && ((Capabilities)BinaryPrimitives.ReadUInt32LittleEndian(payload) & Capabilities.Ssl) != 0;

    /// <summary>Parses the response to the greeting.</summary>
    /// <param name="payload">The packet.</param>
    /// <param name="isSecured">True where it came over TLS: then its bit for TLS is as it must be.</param>
    /// <param name="response">What it says.</param>
    public static HandshakeStatus TryParse(ReadOnlySpan<byte> payload, bool isSecured, out HandshakeResponse response)
    {
        response = default;
        var reader = new PayloadReader(payload);
        if (!reader.TryReadUInt32(out uint bits))
            return HandshakeStatus.Malformed;

        var capabilities = (Capabilities)bits;
        if ((capabilities & Capabilities.Protocol41) == 0)
            return HandshakeStatus.TooOld;
        if (!reader.TryReadUInt32(out _) || !reader.TryReadByte(out byte collation)
            || !reader.TryTake(ReservedLength, out _))
        {
            return HandshakeStatus.Malformed;
        }

        if ((capabilities & Capabilities.Ssl) != 0 && !isSecured)
            return HandshakeStatus.TlsNotOffered;
        if (!reader.TryReadNullTerminated(out ReadOnlySpan<byte> user)
            || !TryReadAuthentication(ref reader, capabilities, out ReadOnlySpan<byte> authentication))
        {
            return HandshakeStatus.Malformed;
        }

        ReadOnlySpan<byte> database = default;
        if ((capabilities & Capabilities.ConnectWithDatabase) != 0)
            database = reader.ReadNullTerminatedOrRest();
        ReadOnlySpan<byte> plugin = default;
        if ((capabilities & Capabilities.PluginAuthentication) != 0)
            plugin = reader.ReadNullTerminatedOrRest();
        if (!TryReadAttributes(ref reader, capabilities, out ReadOnlySpan<byte> attributes))
            return HandshakeStatus.Malformed;

        response = new HandshakeResponse
        {
            Capabilities = capabilities,
            Collation = collation,
            User = user,
            Authentication = authentication,
            Database = database,
            Plugin = plugin,
            Attributes = attributes,
        };
        return HandshakeStatus.Valid;
    }

    /// <summary>Parses the arguments of COM_CHANGE_USER; capabilities stay those of the connection.</summary>
    public static HandshakeStatus TryParseChangeUser(
        ReadOnlySpan<byte> arguments, Capabilities capabilities, out HandshakeResponse response)
    {
        response = default;
        var reader = new PayloadReader(arguments);
        if (!reader.TryReadNullTerminated(out ReadOnlySpan<byte> user)
            || !TryReadAuthentication(ref reader, capabilities & ~Capabilities.LengthEncodedAuthentication,
                out ReadOnlySpan<byte> authentication))
        {
            return HandshakeStatus.Malformed;
        }

        ReadOnlySpan<byte> database = reader.ReadNullTerminatedOrRest();
        ushort collation = 0;
        if (!reader.IsAtEnd && !reader.TryReadUInt16(out collation))
            return HandshakeStatus.Malformed;
        ReadOnlySpan<byte> plugin = default;
        if ((capabilities & Capabilities.PluginAuthentication) != 0)
            plugin = reader.ReadNullTerminatedOrRest();
        if (!TryReadAttributes(ref reader, capabilities, out ReadOnlySpan<byte> attributes))
            return HandshakeStatus.Malformed;

        response = new HandshakeResponse
        {
            Capabilities = capabilities,
            Collation = (byte)collation,
            User = user,
            Authentication = authentication,
            Database = database,
            Plugin = plugin,
            Attributes = attributes,
        };
        return HandshakeStatus.Valid;
    }

    private static bool TryReadAuthentication(
        scoped ref PayloadReader reader, Capabilities capabilities, out ReadOnlySpan<byte> authentication)
    {
        if ((capabilities & Capabilities.LengthEncodedAuthentication) != 0)
            return reader.TryReadLengthEncodedBytes(out authentication);
        if ((capabilities & Capabilities.SecureConnection) == 0)
            return reader.TryReadNullTerminated(out authentication);

        authentication = default;
        return reader.TryReadByte(out byte length) && reader.TryTake(length, out authentication);
    }

    private static bool TryReadAttributes(
        scoped ref PayloadReader reader, Capabilities capabilities, out ReadOnlySpan<byte> attributes)
    {
        attributes = default;
        if ((capabilities & Capabilities.ConnectAttributes) == 0 || reader.IsAtEnd)
            return true;
        if (!reader.TryReadLengthEncodedBytes(out attributes))
            return false;

        var pairs = new PayloadReader(attributes);
        while (!pairs.IsAtEnd)
        {
            if (!pairs.TryReadLengthEncodedBytes(out _) || !pairs.TryReadLengthEncodedBytes(out _))
                return false;
        }

        return true;
    }
}
