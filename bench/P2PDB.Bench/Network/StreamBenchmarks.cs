using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Bench.Network;

/// <summary>
/// What does a stream cost over TCP on the loopback device, with Noise and yamux in between? The baseline is a round trip of 128 bytes; bulk
/// transfer is 1 MiB in frames of 64 KiB, one way.
/// </summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    private const string Echo = "/bench/echo/1";
    private const string Sink = "/bench/sink/1";
    private const int FrameCount = 16;

    private readonly byte[] _message = new byte[128];
    private readonly byte[] _frame = new byte[64 * 1024];
    private SigningKey _listenerKey = null!;
    private SigningKey _dialerKey = null!;
    private PeerSwarm _listener = null!;
    private PeerSwarm _dialer = null!;
    private MuxedStream _echo = null!;
    private MuxedStream _sink = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _listenerKey = SigningKey.Generate();
        _dialerKey = SigningKey.Generate();
        _listener = Create(_listenerKey);
        _dialer = Create(_dialerKey);
        _listener.Handle(Echo, static (stream, token) => ServeAsync(stream, answerEvery: 1, token));
        _listener.Handle(Sink, static (stream, token) => ServeAsync(stream, answerEvery: FrameCount * 64 * 1024, token));
        Multiaddress address = await _listener.ListenAsync(Multiaddress.Parse("/ip4/127.0.0.1/tcp/0"));
        await _dialer.DialAsync(address);
        _echo = (await _dialer.OpenStreamAsync(_listener.LocalPeer, Echo)).Stream!;
        _sink = (await _dialer.OpenStreamAsync(_listener.LocalPeer, Sink)).Stream!;
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _dialer.DisposeAsync();
        await _listener.DisposeAsync();
        _listenerKey.Dispose();
        _dialerKey.Dispose();
    }

    [Benchmark(Baseline = true)]
    public async Task RoundTripAsync()
    {
        await _echo.WriteAsync(_message, CancellationToken.None);
        int received = 0;
        while (received < _message.Length)
            received += await _echo.ReadAsync(_message.AsMemory(received), CancellationToken.None);
    }

    [Benchmark]
    public async Task SendMebibyteAsync()
    {
        for (int i = 0; i < FrameCount; i++)
            await _sink.WriteAsync(_frame, CancellationToken.None);
        await _sink.ReadAsync(_message, CancellationToken.None);   // the sink's word that all has come
    }

    [Benchmark]
    public async Task OpenStreamAsync()
    {
        await using MuxedStream stream = (await _dialer.OpenStreamAsync(_listener.LocalPeer, Echo)).Stream!;
        await stream.CloseWriteAsync(CancellationToken.None);
        await stream.ReadAsync(_message, CancellationToken.None);
    }

    private static PeerSwarm Create(SigningKey key) =>
        new(key, new SwarmOptions(), TimeProvider.System, new Random(1), NullLoggerFactory.Instance);

    // Answers with as many bytes as came, or with one byte after each so many.
    private static async Task ServeAsync(MuxedStream stream, int answerEvery, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        int unanswered = 0;
        int received;
        while ((received = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            unanswered += received;
            if (unanswered < answerEvery)
                continue;

            await stream.WriteAsync(buffer.AsMemory(0, answerEvery == 1 ? received : 1), cancellationToken);
            unanswered = 0;
        }
    }
}
