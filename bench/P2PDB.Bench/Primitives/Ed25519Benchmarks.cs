using BenchmarkDotNet.Attributes;
using P2PDB.Primitives.Keys;

namespace P2PDB.Bench.Primitives;

/// <summary>What do signing and verifying an entry's 32-byte id cost in either library?</summary>
[MemoryDiagnoser]
public class Ed25519Benchmarks
{
    private readonly byte[] _message = new byte[32];
    private readonly byte[] _signature = new byte[Ed25519.SignatureLength];
    private SigningKey _sodiumKey = null!;
    private SigningKey _libcryptoKey = null!;
    private ICryptographyProvider _sodium = null!;
    private ICryptographyProvider _libcrypto = null!;

    [GlobalSetup]
    public void Setup()
    {
        _sodium = SodiumProvider.TryLoad()!;
        _libcrypto = LibcryptoProvider.TryLoad()!;
        _sodiumKey = SigningKey.FromSeed(_sodium, new byte[32]);
        _libcryptoKey = SigningKey.FromSeed(_libcrypto, new byte[32]);
        _sodiumKey.Sign(_message, _signature);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _sodiumKey.Dispose();
        _libcryptoKey.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void SodiumSign() => _sodiumKey.Sign(_message, _signature);

    [Benchmark]
    public bool SodiumVerify() => Ed25519.Verify(_sodium, _sodiumKey.PublicKey, _message, _signature);

    [Benchmark]
    public void LibcryptoSign() => _libcryptoKey.Sign(_message, _signature);

    [Benchmark]
    public bool LibcryptoVerify() => Ed25519.Verify(_libcrypto, _sodiumKey.PublicKey, _message, _signature);
}
