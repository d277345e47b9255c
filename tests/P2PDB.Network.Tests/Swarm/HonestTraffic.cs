using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>A peer that exchanges bytes with a swarm the whole time; an attack on that swarm must not disturb it.</summary>
internal sealed class HonestTraffic : IAsyncDisposable
{
    private const string Echo = "/test/echo/1";
    private const int RoundLength = 10_000;

    private readonly PeerSwarm _peer = TestSwarm.Create(98);
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private long _roundCount;

    /// <summary>Connects to the swarm, which serves the echo from now on, and starts.</summary>
    public static async Task<HonestTraffic> StartAsync(PeerSwarm swarm, Multiaddress address)
    {
        swarm.Handle(Echo, async (stream, token) =>
        {
            byte[] buffer = new byte[RoundLength];
            int received;
            while ((received = await stream.ReadAsync(buffer, token)) > 0)
                await stream.WriteAsync(buffer.AsMemory(0, received), token);
        });
        var traffic = new HonestTraffic();
        Assert.Equal(DialStatus.Connected, (await traffic._peer.DialAsync(address)).Status);
        OpenOutcome open = await traffic._peer.OpenStreamAsync(swarm.LocalPeer, Echo);
        Assert.Equal(OpenStatus.Opened, open.Status);
        traffic._running = Task.Run(() => traffic.RunAsync(open.Stream!));
        return traffic;
    }

    /// <summary>Fails unless the stream that was opened before the attack still works.</summary>
    public async Task AssertGoesOnAsync()
    {
        long before = Interlocked.Read(ref _roundCount);
        await TestSwarm.UntilAsync(() => _running.IsCompleted || Interlocked.Read(ref _roundCount) > before + 5);
        Assert.False(_running.IsCompleted, _running.Exception?.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.WaitAsync(TestSwarm.Patience);
        await _peer.DisposeAsync();
        _ending.Dispose();
    }

    private async Task RunAsync(MuxedStream stream)
    {
        byte[] sent = new byte[RoundLength];
        byte[] returned = new byte[RoundLength];
        while (!_ending.IsCancellationRequested)
        {
            new Random((int)_roundCount).NextBytes(sent);
            Task writing = stream.WriteAsync(sent, CancellationToken.None).AsTask();
            for (int filled = 0; filled < returned.Length;)
            {
                int received = await stream.ReadAsync(returned.AsMemory(filled), CancellationToken.None);
                Assert.NotEqual(0, received);
                filled += received;
            }

            await writing;
            Assert.True(sent.AsSpan().SequenceEqual(returned));
            Interlocked.Increment(ref _roundCount);
        }
    }
}
