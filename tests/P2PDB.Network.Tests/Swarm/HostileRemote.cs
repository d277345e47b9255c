using System.Buffers;
using System.Net;
using System.Net.Sockets;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Security;
using P2PDB.Network.Swarm;
using P2PDB.Network.Transports;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>A remote that does the handshake honestly and then sends whatever frames the test likes.</summary>
internal sealed class HostileRemote : IDisposable
{
    private readonly TcpChannel _socket;

    private HostileRemote(TcpChannel socket, NoiseChannel channel)
    {
        _socket = socket;
        Channel = channel;
    }

    public NoiseChannel Channel { get; }

    /// <summary>The socket below the encryption.</summary>
    public IByteChannel Raw => _socket;

    public static async Task<HostileRemote> ConnectAsync(Multiaddress address, byte seed = 66)
    {
        TcpChannel socket = await DialRawAsync(address);
        UpgradeOutcome upgrade = await ConnectionUpgrade.RunAsync(socket, TestSwarm.Key(seed), true, null, true, CancellationToken.None);
        Assert.Equal(DialStatus.Connected, upgrade.Status);
        return new HostileRemote(socket, upgrade.Channel!);
    }

    public static async Task<TcpChannel> DialRawAsync(Multiaddress address)
    {
        Assert.True(address.TryGetTransport(out TransportAddress transport));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(transport.Host), transport.Port);
        return new TcpChannel(socket);
    }

    public ValueTask<bool> SendAsync(params YamuxFrame[] frames) => SendAsync(Encode(frames));

    public ValueTask<bool> SendAsync(byte[] bytes) => Channel.SendAsync(bytes, CancellationToken.None);

    /// <summary>Reads until the swarm closes; all that came. The swarm's own streams are in it too.</summary>
    public Task<byte[]> ReadToEndAsync() => ReadToEndAsync(Channel);

    /// <summary>Reads on until the frame comes; fails where the swarm closes first.</summary>
    public async Task AwaitFrameAsync(YamuxFrame wanted)
    {
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        byte[] encoded = Encode(wanted);
        byte[] buffer = new byte[1 << 20];
        int filled = 0;
        while (buffer.AsSpan(0, filled).IndexOf(encoded) < 0)
        {
            int received = await Channel.ReceiveAsync(buffer.AsMemory(filled), patience.Token);
            Assert.NotEqual(0, received);
            filled += received;
        }
    }

    /// <summary>Reads a raw channel until the swarm closes; all that came.</summary>
    public static async Task<byte[]> ReadToEndAsync(IByteChannel channel)
    {
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        var all = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[64 * 1024];
        int received;
        while ((received = await channel.ReceiveAsync(buffer, patience.Token)) > 0)
            all.Write(buffer.AsSpan(0, received));
        return all.WrittenSpan.ToArray();
    }

    public static byte[] Encode(params YamuxFrame[] frames)
    {
        byte[] bytes = new byte[frames.Length * YamuxFrame.HeaderLength];
        for (int i = 0; i < frames.Length; i++)
            frames[i].Encode(bytes.AsSpan(i * YamuxFrame.HeaderLength));
        return bytes;
    }

    /// <summary>Fails unless an honest peer gets through.</summary>
    public static async Task AssertServesAsync(PeerSwarm swarm, Multiaddress address)
    {
        await using PeerSwarm honest = TestSwarm.Create(99);
        // The swarm's patience is short in some of these tests, and the machine may be slow: a dial that took too long is tried again.
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        while ((await honest.DialAsync(address, patience.Token)).Status != DialStatus.Connected)
            patience.Token.ThrowIfCancellationRequested();
        Assert.NotNull(await honest.PingAsync(swarm.LocalPeer));
    }

    public void Dispose() => _socket.Abort();
}
