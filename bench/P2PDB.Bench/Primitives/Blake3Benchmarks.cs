using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Bench.Primitives;

/// <summary>How much faster is BLAKE3 than the platform's SHA-256, for short and long input?</summary>
[MemoryDiagnoser]
public class Blake3Benchmarks
{
    private readonly byte[] _output = new byte[32];
    private readonly Blake3Hasher _hasher = new();
    private byte[] _input = [];

    [Params(64, 1024, 65536)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _input = new byte[Length];
        new Random(1).NextBytes(_input);
    }

    [Benchmark(Baseline = true)]
    public int Sha256() => SHA256.HashData(_input, _output);

    [Benchmark]
    public Hash256 Blake3Hash() => Blake3.Hash(_input);

    [Benchmark]
    public Hash256 Blake3Incremental()
    {
        _hasher.Reset();
        _hasher.Update(_input);
        return _hasher.Finish();
    }

    [Benchmark]
    public void Blake3Vector128() => Blake3.Hash(Blake3Path.Vector128, Blake3Compression.Initial, 0, _input, _output);
}
