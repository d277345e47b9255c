using System.Text;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Tests.Transports;

public class WebSocketHandshakeTests
{
    // Key and answer of RFC 6455, section 1.3.
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    private const string Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private const string Request =
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:4001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private const string Response =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    [Fact]
    public void Handshake_has_these_bytes()
    {
        byte[] key = Encoding.ASCII.GetBytes(Key);

        Assert.Equal(Request, Encoding.ASCII.GetString(WebSocketHandshake.WriteRequest("127.0.0.1:4001", key)));
        Assert.Equal(Response, Encoding.ASCII.GetString(WebSocketHandshake.WriteResponse(UpgradeRequestStatus.Upgrade, key)));
        Assert.Equal("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            Encoding.ASCII.GetString(WebSocketHandshake.WriteResponse(UpgradeRequestStatus.Refused, key)));
        Assert.Equal("HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            Encoding.ASCII.GetString(WebSocketHandshake.WriteResponse(UpgradeRequestStatus.OtherVersion, key)));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Upgrade: websocket", "uPGRADE:\tWebSocket")]
    [InlineData("Connection: Upgrade", "Connection: keep-alive, Upgrade")]
    [InlineData("GET / HTTP", "GET /chat?x=1 HTTP")]
    [InlineData("Host: ", "User-Agent: a b (c)\r\nOrigin: null\r\nSec-WebSocket-Extensions: permessage-deflate\r\nHost: ")]
    public void Requests_of_other_clients_are_read(string part, string instead)
    {
        Assert.Equal(UpgradeRequestStatus.Upgrade, Read(part.Length == 0 ? Request : Request.Replace(part, instead, StringComparison.Ordinal), out string key));
        Assert.Equal(Key, key);
    }

    [Theory]
    [InlineData("GET /", "POST /")]
    [InlineData("GET / HTTP/1.1", "GET / HTTP/1.0")]
    [InlineData("GET / HTTP/1.1", "GET  HTTP/1.1")]
    [InlineData("GET / HTTP/1.1", "GET / / HTTP/1.1")]
    [InlineData("Host: 127.0.0.1:4001\r\n", "")]
    [InlineData("Host: 127.0.0.1:4001\r\n", "Host: a\r\nHost: b\r\n")]
    [InlineData("Upgrade: websocket\r\n", "")]
    [InlineData("Upgrade: websocket", "Upgrade: websockets")]
    [InlineData("Connection: Upgrade", "Connection: close")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ!!")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n")]
    [InlineData("Upgrade: websocket", "Upgrade : websocket")]
    [InlineData("Upgrade: websocket", " Upgrade: websocket")]
    [InlineData("Upgrade: websocket", "Upgrade: websocket\n")]
    [InlineData("Upgrade: websocket", "Upgrade: websocket\0")]
    [InlineData("\r\n\r\n", "\r\n")]
    [InlineData("\r\n\r\n", "\r\n\r\nmore")]
    public void Other_requests_are_refused(string part, string instead) =>
        Assert.Equal(UpgradeRequestStatus.Refused, Read(Request.Replace(part, instead, StringComparison.Ordinal), out _));

    [Fact]
    public void Other_version_is_told_which_one_is_spoken() =>
        Assert.Equal(UpgradeRequestStatus.OtherVersion, Read(Request.Replace(": 13", ": 8", StringComparison.Ordinal), out _));

    [Theory]
    [InlineData("101 Switching Protocols", "200 OK")]
    [InlineData("101 Switching Protocols", "1010")]
    [InlineData(Accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=")]
    [InlineData("Sec-WebSocket-Accept: " + Accept + "\r\n", "")]
    [InlineData("Upgrade: websocket\r\n", "")]
    [InlineData("Connection: Upgrade\r\n", "")]
    [InlineData("Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate")]
    [InlineData("Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Protocol: mqtt")]
    public void Other_responses_are_refused(string part, string instead)
    {
        Assert.True(IsAccepted(Response));
        Assert.False(IsAccepted(Response.Replace(part, instead, StringComparison.Ordinal)));
    }

    private static bool IsAccepted(string response) =>
        WebSocketHandshake.IsAccepted(Encoding.Latin1.GetBytes(response), Encoding.ASCII.GetBytes(Key));

    private static UpgradeRequestStatus Read(string request, out string key)
    {
        byte[] keyBytes = new byte[WebSocketHandshake.KeyLength];
        UpgradeRequestStatus status = WebSocketHandshake.ReadRequest(Encoding.Latin1.GetBytes(request), keyBytes);
        key = Encoding.ASCII.GetString(keyBytes);
        return status;
    }
}
