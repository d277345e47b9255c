using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Primitives.Keys;

namespace P2PDB.Bench.Network;

/// <summary>
/// What does it cost a router to take a signed message of 200 bytes: verify it, remember it, and put it into the queues of five other mesh
/// peers? The baseline is the signature alone; a copy that was seen before is beside them.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls Cleanup.")]
public class GossipBench
{
    private const int MessageCount = 20_000;
    private const string Topic = "bench";

    private readonly byte[] _signature = new byte[Ed25519.SignatureLength];
    private readonly byte[] _signed = new byte[300];
    private readonly byte[][] _rpcs = new byte[MessageCount][];
    private readonly GossipPeer[] _peers = new GossipPeer[6];
    private SigningKey _authorKey = null!;
    private SigningKey _key = null!;
    private GossipRouter _router = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _authorKey = SigningKey.Generate();
        _key = SigningKey.Generate();
        _authorKey.Sign(_signed, _signature);
        GossipRouter author = Router(_authorKey);
        for (int i = 0; i < MessageCount; i++)
            _rpcs[i] = Rpc(author.Prepare(Topic, new byte[200])!);
        Begin();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _authorKey.Dispose();
        _key.Dispose();
    }

    [Benchmark(Baseline = true)]
    public bool Verify() => Ed25519.Verify(_authorKey.PublicKey, _signed, _signature);

    [Benchmark]
    public void ValidateAndForward()
    {
        if (_next == MessageCount)
            Begin();   // all messages were seen: a router that has seen none

        _router.TryReceive(_peers[0], _rpcs[_next++]);
        foreach (GossipPeer peer in _peers)
        {
            while (peer.Outbox.TryTake(out OutgoingFrame? frame))
                frame!.Release();
        }

        if (_next % 1_000 == 0)
            _router.Heartbeat();
    }

    [Benchmark]
    public bool TakeCopy()
    {
        if (_next == 0)
            ValidateAndForward();
        return _router.TryReceive(_peers[1], _rpcs[0]);
    }

    private static GossipRouter Router(SigningKey key) =>
        new(key, new GossipsubOptions(), TimeProvider.System, new Random(1), new GossipEvents(), CancellationToken.None);

    private static byte[] Rpc(MessageFrame frame)
    {
        ReadOnlySpan<byte> bytes = frame.Bytes.Span;
        byte[] rpc = bytes[UnsignedVarint.TryRead(bytes, out _)..].ToArray();
        frame.Release();
        return rpc;
    }

    private void Begin()
    {
        _next = 0;
        _router = Router(_key);
        _router.TrySubscribe(Topic);
        var graft = new RpcWriter();
        graft.AddSubscription("bench"u8, isSubscribed: true);
        graft.AddGraft("bench"u8);
        OutgoingFrame frame = graft.TakeFrame();
        ReadOnlySpan<byte> bytes = frame.Bytes.Span;
        for (int i = 0; i < _peers.Length; i++)
        {
            using SigningKey peerKey = SigningKey.Generate();
            PeerId id = PeerId.FromPublicKey(peerKey.PublicKey);
            _peers[i] = _router.AddPeer(id, GossipProtocol.V12, isOutbound: false, null, new Outbox(TimeProvider.System));
            _router.TryReceive(_peers[i], bytes[UnsignedVarint.TryRead(bytes, out _)..]);
        }

        frame.Release();
    }
}
