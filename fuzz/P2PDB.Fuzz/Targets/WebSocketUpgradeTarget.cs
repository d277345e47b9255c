using P2PDB.Network.Transports;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 role and length of the pieces that arrive, then an HTTP head as a client or a server sends it before a WebSocket, and what follows.
/// It is read up to its empty line; a request that is an upgrade has a key whose own request and answer are read.
/// </summary>
internal sealed class WebSocketUpgradeTarget : IFuzzTarget
{
    private static readonly byte[] Key = "dGhlIHNhbXBsZSBub25jZQ=="u8.ToArray();

    public string Name => "websocket-upgrade";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Transports/WebSocketHandshake.cs", "P2PDB.Network/Transports/HttpHead.cs"];

    // The buffer of a head, and the state of a method that could wait.
    public int AllocationSlack => Network.Limits.UpgradeHeadLengthMax + 1024;

    public IReadOnlyList<byte[]> Words { get; } =
        ["\r\n"u8.ToArray(), ": "u8.ToArray(), "Host"u8.ToArray(), "Upgrade: websocket\r\n"u8.ToArray(), "Connection: Upgrade\r\n"u8.ToArray(),
            "Sec-WebSocket-Key: "u8.ToArray(), "Sec-WebSocket-Version: 13\r\n"u8.ToArray(), "Sec-WebSocket-Accept: "u8.ToArray(), Key];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. WebSocketHandshake.WriteRequest("a:1", Key)],
        [40, .. WebSocketHandshake.WriteRequest("127.0.0.1:4001", Key), 0x82, 0x80],
        [0, .. "GET /x HTTP/1.1\r\nhost: a\r\nupgrade: h2c, websocket\r\nconnection: keep-alive, upgrade\r\n"u8,
            .. "sec-websocket-version: 8\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"u8],
        [1, .. WebSocketHandshake.WriteResponse(UpgradeRequestStatus.Upgrade, Key), 1, 2, 3],
        [41, .. WebSocketHandshake.WriteResponse(UpgradeRequestStatus.OtherVersion, Key)],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        byte[] remote = input[1..].ToArray();
        var channel = new ScriptedChannel(remote, 1 + (input[0] / 2));
        ReadOnlyMemory<byte>? read = null;
        probe.BeginDecoding();
        Task receiving = ReceiveAsync();
        probe.EndDecoding();
        FuzzLaw.Require(receiving.IsCompletedSuccessfully, "receiving ends with its input");
        if (read is not { } head)
            return false;

        FuzzLaw.Require(remote.AsSpan().StartsWith(head.Span) && head.Span.EndsWith("\r\n\r\n"u8), "a head ends with its empty line");
        return (input[0] & 1) == 0 ? RunRequest(head.Span, probe) : RunResponse(head.Span, probe);

        async Task ReceiveAsync() =>
            read = (await WebSocketTransport.ReceiveHeadAsync(channel, CancellationToken.None).ConfigureAwait(false))?.Head;
    }

    private static bool RunRequest(ReadOnlySpan<byte> head, FuzzProbe probe)
    {
        byte[] key = new byte[WebSocketHandshake.KeyLength];
        probe.BeginDecoding();
        UpgradeRequestStatus status = WebSocketHandshake.ReadRequest(head, key);
        probe.EndDecoding();
        probe.Reached((int)status);
        if (status != UpgradeRequestStatus.Upgrade)
            return false;

        byte[] again = new byte[WebSocketHandshake.KeyLength];
        FuzzLaw.Require(
            WebSocketHandshake.ReadRequest(WebSocketHandshake.WriteRequest("h:1", key), again) == UpgradeRequestStatus.Upgrade, "own request is read");
        FuzzLaw.RequireSame(key, again, "the key that was written");
        FuzzLaw.Require(WebSocketHandshake.IsAccepted(WebSocketHandshake.WriteResponse(status, key), key), "own answer is accepted");
        return true;
    }

    private static bool RunResponse(ReadOnlySpan<byte> head, FuzzProbe probe)
    {
        probe.BeginDecoding();
        bool isAccepted = WebSocketHandshake.IsAccepted(head, Key);
        probe.EndDecoding();
        probe.Reached(isAccepted ? 10 : 11);
        FuzzLaw.Require(!isAccepted || head.IndexOf("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="u8) >= 0, "only the right answer is accepted");
        return isAccepted;
    }
}
