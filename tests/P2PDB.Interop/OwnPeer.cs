using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Interop;

/// <summary>A swarm of our own with the protocols of the test-peer contract.</summary>
internal sealed class OwnPeer : TestPeer
{
    private readonly SigningKey _key;
    private readonly Multiaddress _address;

    private OwnPeer(SigningKey key, Swarm swarm, Multiaddress address)
    {
        _key = key;
        Swarm = swarm;
        _address = address;
    }

    public Swarm Swarm { get; }

    public override PeerId Peer => Swarm.LocalPeer;

    public override Multiaddress Address => _address;

    public override string AgentText => "p2pdb";

    public static async Task<OwnPeer> StartOwnAsync(bool earlyMuxer)
    {
        SigningKey key = SigningKey.Generate();
        var swarm = new Swarm(key, new SwarmOptions { EarlyMuxer = earlyMuxer }, TimeProvider.System, new Random(1), NullLoggerFactory.Instance);
        swarm.Handle(Echo, StreamProtocols.ServeEchoAsync);
        swarm.Handle(Sink, StreamProtocols.ServeSinkAsync);
        return new OwnPeer(key, swarm, await swarm.ListenAsync(Multiaddress.Parse("/ip4/127.0.0.1/tcp/0")));
    }

    public override async Task<bool> DialAsync(Multiaddress address) => (await Swarm.DialAsync(address)).IsConnected;

    public override async Task<int> PingAsync(Multiaddress address, int count)
    {
        int answered = 0;
        for (int i = 0; i < count; i++)
            answered += await Swarm.PingAsync(address.Peer!) is null ? 0 : 1;
        return answered;
    }

    public override async Task<bool> EchoAsync(Multiaddress address, int length, int rounds, int streams)
    {
        bool[] results = await Task.WhenAll(Enumerable.Range(0, streams).Select(async _ =>
        {
            await using MuxedStream stream = await OpenAsync(address, Echo);
            return await StreamProtocols.EchoAsync(stream, length, rounds);
        }));
        return results.All(isRight => isRight);
    }

    public override async Task<long> SendAsync(Multiaddress address, long length)
    {
        await using MuxedStream stream = await OpenAsync(address, Sink);
        return await StreamProtocols.SendAsync(stream, length);
    }

    public override async Task<(string Agent, string[] Protocols, bool IsRecordSigned)> IdentifiedAsync(PeerId other)
    {
        using var patience = new CancellationTokenSource(StreamProtocols.Patience);
        IdentifyRecord? record;
        while ((record = Swarm.FindIdentity(other)) is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return (record.AgentVersion, [.. record.Protocols], !record.SignedPeerRecord.IsEmpty);
    }

    public override async ValueTask DisposeAsync()
    {
        await Swarm.DisposeAsync();
        _key.Dispose();
    }

    private async Task<MuxedStream> OpenAsync(Multiaddress address, string protocol)
    {
        await Swarm.DialAsync(address);
        OpenOutcome open = await Swarm.OpenStreamAsync(address.Peer!, protocol);
        Assert.Equal(OpenStatus.Opened, open.Status);
        return open.Stream!;
    }
}
