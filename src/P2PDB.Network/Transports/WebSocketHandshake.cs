// WEBSOCKET OPENING HANDSHAKE (RFC 6455, section 4). Golden bytes: tests/P2PDB.Network.Tests/Transports.
//   request   GET target HTTP/1.1, Host, Upgrade: websocket, Connection: Upgrade, Sec-WebSocket-Version: 13,
//             Sec-WebSocket-Key: Base64 of 16 random bytes
//   response  HTTP/1.1 101, Upgrade, Connection, Sec-WebSocket-Accept: Base64 of SHA-1 of the key's text and a fixed text
// No extension and no subprotocol is offered or taken. Any request target is served: a libp2p address has no path.
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace P2PDB.Network.Transports;

/// <summary>Writes and reads the two messages that turn an HTTP connection into a WebSocket.</summary>
internal static class WebSocketHandshake
{
    /// <summary>Length of a key's text, bytes.</summary>
    public const int KeyLength = 24;

    /// <summary>Length of the text that answers a key, bytes.</summary>
    public const int AcceptLength = 28;

    private const int NonceLength = 16;

    /// <summary>The request.</summary>
    /// <param name="host">Host and port as the Host header has them.</param>
    /// <param name="key">The key's text.</param>
    public static byte[] WriteRequest(string host, ReadOnlySpan<byte> key) => Encoding.ASCII.GetBytes(
        $"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + $"Sec-WebSocket-Key: {Encoding.ASCII.GetString(key)}\r\nSec-WebSocket-Version: 13\r\n\r\n");

    /// <summary>The answer to a request: 101, or a refusal that closes the connection.</summary>
    public static byte[] WriteResponse(UpgradeRequestStatus status, ReadOnlySpan<byte> key)
    {
        if (status == UpgradeRequestStatus.Upgrade)
        {
            Span<byte> accept = stackalloc byte[AcceptLength];
            ComputeAccept(key, accept);
            return Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + $"Sec-WebSocket-Accept: {Encoding.ASCII.GetString(accept)}\r\n\r\n");
        }

        string reason = status == UpgradeRequestStatus.OtherVersion
            ? "426 Upgrade Required\r\nSec-WebSocket-Version: 13"
            : "400 Bad Request";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 {reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }

    /// <summary>Reads a request; its key goes to <paramref name="key"/>, which has <see cref="KeyLength"/> bytes.</summary>
    public static UpgradeRequestStatus ReadRequest(ReadOnlySpan<byte> request, Span<byte> key)
    {
        var head = new HttpHead(request);
        var seen = new UpgradeHeaders();
        int hostCount = 0;
        int keyCount = 0;
        int versionCount = 0;
        bool isKey = false;
        bool isVersion = false;
        while (head.TryReadHeader(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            seen.Take(name, value);
            if (Ascii.EqualsIgnoreCase(name, "host"u8))
            {
                hostCount++;
            }
            else if (Ascii.EqualsIgnoreCase(name, "sec-websocket-key"u8))
            {
                keyCount++;
                isKey = IsKey(value);
                if (isKey)
                    value.CopyTo(key);
            }
            else if (Ascii.EqualsIgnoreCase(name, "sec-websocket-version"u8))
            {
                versionCount++;
                isVersion = value.SequenceEqual("13"u8);
            }
        }

        if (head.IsMalformed || !IsGet(head.StartLine) || !seen.AreComplete || hostCount != 1 || keyCount != 1 || !isKey || versionCount != 1)
            return UpgradeRequestStatus.Refused;
        return isVersion ? UpgradeRequestStatus.Upgrade : UpgradeRequestStatus.OtherVersion;
    }

    /// <summary>True if the response agrees to the request that had <paramref name="key"/>.</summary>
    public static bool IsAccepted(ReadOnlySpan<byte> response, ReadOnlySpan<byte> key)
    {
        Span<byte> expected = stackalloc byte[AcceptLength];
        ComputeAccept(key, expected);
        var head = new HttpHead(response);
        var seen = new UpgradeHeaders();
        int acceptCount = 0;
        while (head.TryReadHeader(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            seen.Take(name, value);
            if (Ascii.EqualsIgnoreCase(name, "sec-websocket-extensions"u8) || Ascii.EqualsIgnoreCase(name, "sec-websocket-protocol"u8))
                return false;   // none was offered
            if (!Ascii.EqualsIgnoreCase(name, "sec-websocket-accept"u8))
                continue;

            acceptCount++;
            if (!value.SequenceEqual(expected))
                return false;
        }

        return !head.IsMalformed && seen.AreComplete && acceptCount == 1 && IsSwitching(head.StartLine);
    }

    /// <summary>A new key's text.</summary>
    public static void GenerateKey(Span<byte> key)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RandomNumberGenerator.Fill(nonce);
        Base64.EncodeToUtf8(nonce, key, out _, out _);
    }

    /// <summary>The text that answers a key.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 fixes SHA-1; it proves that the remote speaks WebSocket, nothing else.")]
    public static void ComputeAccept(ReadOnlySpan<byte> key, Span<byte> accept)
    {
        Span<byte> text = stackalloc byte[KeyLength + 36];
        key.CopyTo(text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[KeyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(text, hash);
        Base64.EncodeToUtf8(hash, accept, out _, out _);
    }

    private static bool IsKey(ReadOnlySpan<byte> text)
    {
        Span<byte> nonce = stackalloc byte[NonceLength + 2];
        return text.Length == KeyLength && Base64.IsValid(text, out int length) && length == NonceLength
            && Base64.DecodeFromUtf8(text, nonce, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static bool IsGet(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("GET "u8) || !line.EndsWith(" HTTP/1.1"u8) || line.Length <= 13)
            return false;

        ReadOnlySpan<byte> target = line[4..^9];
        return !target.ContainsAnyExceptInRange((byte)'!', (byte)'~');
    }

    private static bool IsSwitching(ReadOnlySpan<byte> line) =>
        line.StartsWith("HTTP/1.1 101"u8) && (line.Length == 12 || line[12] == (byte)' ');

    /// <summary>The two headers that both messages need.</summary>
    private ref struct UpgradeHeaders
    {
        private bool _hasUpgrade;
        private bool _hasConnection;

        public readonly bool AreComplete => _hasUpgrade && _hasConnection;

        public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            _hasUpgrade |= Ascii.EqualsIgnoreCase(name, "upgrade"u8) && HttpHead.HasToken(value, "websocket"u8);
            _hasConnection |= Ascii.EqualsIgnoreCase(name, "connection"u8) && HttpHead.HasToken(value, "upgrade"u8);
        }
    }
}
