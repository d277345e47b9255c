using BenchmarkDotNet.Attributes;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Bench.Primitives;

/// <summary>How much does the processor's CRC instruction gain over the table?</summary>
[MemoryDiagnoser]
public class Crc32CBenchmarks
{
    private byte[] _input = [];

    [Params(64, 4096)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _input = new byte[Length];
        new Random(1).NextBytes(_input);
    }

    [Benchmark(Baseline = true)]
    public uint Table() => Crc32C.UpdateByTable(0, _input);

    [Benchmark]
    public uint Instruction() => Crc32C.Compute(_input);
}
