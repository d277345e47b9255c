using System.Buffers;
using System.Net;
using System.Net.Sockets;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Security;
using P2PDB.Network.Swarm;
using P2PDB.Network.Transports;

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
        Assert.True(address.TryGetTcp(out string host, out int port));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(host), port);
        return new TcpChannel(socket);
    }

    public ValueTask<bool> SendAsync(params YamuxFrame[] frames) => SendAsync(Encode(frames));

    public ValueTask<bool> SendAsync(byte[] bytes) => Channel.SendAsync(bytes, CancellationToken.None);

    /// <summary>Reads until the swarm closes; all that came. The swarm's own streams are in it too.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        var all = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[64 * 1024];
        int received;
        while ((received = await Channel.ReceiveAsync(buffer, patience.Token)) > 0)
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

    public void Dispose() => _socket.Abort();
}
