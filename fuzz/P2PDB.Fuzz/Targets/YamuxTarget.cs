using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: what a remote sends over an encrypted channel. Each header that is accepted encodes to the same bytes; a whole session fed with it
/// ends, and every stream it opened is released.
/// </summary>
internal sealed class YamuxTarget : IFuzzTarget
{
    // No multiple of a header's length, so that headers are cut.
    private const int PieceLength = 47;

    // As many as the longest input has headers.
    private const int StreamCountMax = 4096 / YamuxFrame.HeaderLength;

    private readonly PeerId _peer = PeerId.FromPublicKey(SigningKey.FromSeed(new byte[32]).PublicKey);

    public string Name => "yamux";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Muxers/YamuxFrame.cs", "P2PDB.Network/Muxers/YamuxConnection.cs"];

    // A header of 12 bytes opens a stream: an object of 144 bytes and its lock of 40, and a place in the table, which grows by doubling.
    // A session bounds how many there are, and nothing smaller can be a stream to its owner.
    public int AllocationFactor => 24;

    // A session: its read buffer of 4 KiB, its output, its table of streams, the one stream that it opens, the wait of its last words.
    public int AllocationSlack => 5632;

    public IEnumerable<byte[]> Seeds =>
    [
        Encode(new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, 7), new YamuxFrame(YamuxType.Ping, YamuxFlags.Ack, 0, 1)),
        [
            .. Encode(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn, 1, 0), new YamuxFrame(YamuxType.Data, 0, 1, 5)), 1, 2, 3, 4, 5,
            .. Encode(new YamuxFrame(YamuxType.Data, YamuxFlags.Fin, 1, 0), new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, 1, 0)),
        ],
        [.. Encode(new YamuxFrame(YamuxType.Data, YamuxFlags.Syn | YamuxFlags.Fin, 3, 300)), .. new byte[300]],
        Encode(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn, 5, 100_000), new YamuxFrame(YamuxType.GoAway, 0, 0, 0)),
        Encode([.. Enumerable.Range(0, StreamCountMax).Select(i => new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn, (uint)(1 + (2 * i)), 0))]),
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length >= YamuxFrame.HeaderLength && YamuxFrame.TryDecode(input, out YamuxFrame frame))
        {
            byte[] encoded = Encode(frame);
            FuzzLaw.RequireSame(input[..YamuxFrame.HeaderLength], encoded, "written as read");
        }

        var streams = new List<MuxedStream>(1 + StreamCountMax);
        var channel = new ScriptedChannel(input.ToArray(), PieceLength);
        var received = new ByteBudget(1 << 20);
        probe.BeginDecoding();
        YamuxConnection? session = null;
        session = new YamuxConnection(channel, _peer, isInitiator: false, TimeProvider.System, received, stream =>
        {
            streams.Add(stream);
            // Every other stream is let go at once by its owner, as one that serves no such protocol does.
            if (streams.Count % 2 == 0)
                FuzzLaw.Require(stream.DisposeAsync().AsTask().IsCompletedSuccessfully, "letting go waits for nothing");
            if (streams.Count % 16 == 0)
                session!.SweepAbandoned();
        });
        if (session.TryOpen(out MuxedStream? own))
            streams.Add(own);
        FuzzLaw.Require(session.RemotePeer == _peer && session.TryAppendPing(1), "a session takes a ping");
        Task run = session.RunAsync(CancellationToken.None);
        probe.EndDecoding();

        FuzzLaw.Require(run.IsCompletedSuccessfully, "the session ends with its input");
        FuzzLaw.Require(!session.CanOpen && !session.TryOpen(out _), "nothing opens afterwards");
        FuzzLaw.Require(session.CloseAsync().IsCompletedSuccessfully, "closing afterwards waits for nothing");
        FuzzLaw.Require(session.StreamCount == 0, "no stream outlives the session");
        foreach (MuxedStream stream in streams)
            FuzzLaw.Require(stream.DisposeAsync().AsTask().IsCompletedSuccessfully, "closing waits for nothing");
        FuzzLaw.Require(received.Taken == 0, "all bytes are given back");
        probe.Reached((int)session.End);
        probe.Reached(16 + Math.Min(streams.Count, 200));
        probe.Reached(256 + Math.Min(channel.SentLength / YamuxFrame.HeaderLength, 200));
        return session.End != YamuxEnd.ProtocolBroken;
    }

    private static byte[] Encode(params ReadOnlySpan<YamuxFrame> frames)
    {
        byte[] bytes = new byte[frames.Length * YamuxFrame.HeaderLength];
        for (int i = 0; i < frames.Length; i++)
            frames[i].Encode(bytes.AsSpan(i * YamuxFrame.HeaderLength));
        return bytes;
    }
}
