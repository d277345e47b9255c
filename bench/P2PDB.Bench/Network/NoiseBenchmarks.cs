using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using P2PDB.Network.Security;

namespace P2PDB.Bench.Network;

/// <summary>What does sealing and opening one Noise message cost, small and full? The handshake is beside them.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls Cleanup.")]
public class NoiseBenchmarks
{
    private readonly byte[] _plain = new byte[65_519];
    private readonly byte[] _sealed = new byte[65_535];
    private CipherState _cipher = null!;

    /// <summary>Bytes of the message before sealing.</summary>
    [Params(128, 65_519)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup() => _cipher = new CipherState(new byte[32]);

    [GlobalCleanup]
    public void Cleanup() => _cipher.Dispose();

    [Benchmark(Baseline = true)]
    public void Seal() => _cipher.Encrypt(_plain.AsSpan(0, Length), _sealed);

    [Benchmark]
    public int Handshake()
    {
        byte[] message = new byte[512];
        byte[] payload = new byte[512];
        using var initiator = new NoiseHandshake(true, NoiseKeyPair.Generate(), NoiseKeyPair.Generate());
        using var responder = new NoiseHandshake(false, NoiseKeyPair.Generate(), NoiseKeyPair.Generate());
        responder.Read(message.AsSpan(0, initiator.Write([], message)), payload);
        initiator.Read(message.AsSpan(0, responder.Write(payload.AsSpan(0, 100), message)), payload);
        return responder.Read(message.AsSpan(0, initiator.Write(payload.AsSpan(0, 100), message)), payload);
    }
}
