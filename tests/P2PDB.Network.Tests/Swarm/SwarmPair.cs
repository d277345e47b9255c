using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Two connected swarms; the listener serves one protocol.</summary>
internal sealed class SwarmPair : IAsyncDisposable
{
    private SwarmPair(PeerSwarm listener, PeerSwarm dialer, Multiaddress address)
    {
        Listener = listener;
        Dialer = dialer;
        Address = address;
    }

    public PeerSwarm Listener { get; }

    public PeerSwarm Dialer { get; }

    public Multiaddress Address { get; }

    public static async Task<SwarmPair> ConnectAsync(string protocol, Func<MuxedStream, CancellationToken, Task> handler)
    {
        PeerSwarm listener = TestSwarm.Create(1);
        PeerSwarm dialer = TestSwarm.Create(2);
        listener.Handle(protocol, handler);
        Multiaddress address = await TestSwarm.ListenAsync(listener);
        Assert.Equal(DialStatus.Connected, (await dialer.DialAsync(address)).Status);
        return new SwarmPair(listener, dialer, address);
    }

    public async Task<MuxedStream> OpenAsync(string protocol)
    {
        OpenOutcome open = await Dialer.OpenStreamAsync(Listener.LocalPeer, protocol);
        Assert.Equal(OpenStatus.Opened, open.Status);
        return open.Stream!;
    }

    public async ValueTask DisposeAsync()
    {
        await Dialer.DisposeAsync();
        await Listener.DisposeAsync();
    }
}
