using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using P2PDB.Primitives.Compression;

namespace P2PDB.Bench.Primitives;

/// <summary>How fast are LZ4's two directions, against copying the same bytes?</summary>
[MemoryDiagnoser]
public class Lz4Benchmarks
{
    private const int Length = 65536;

    private readonly byte[] _packed = new byte[Lz4Block.LengthMax(Length)];
    private readonly byte[] _target = new byte[Lz4Block.LengthMax(Length)];
    private byte[] _raw = [];
    private int _packedLength;

    [Params("rows", "text", "random")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _raw = new byte[Length];
        if (Input == "random")
        {
            random.NextBytes(_raw);
        }
        else
        {
            var text = new StringBuilder();
            string[] words = ["peer", "entry", "commit", "log", "of", "the", "a", "row", "table", "hash", "merge", "signed"];
            while (text.Length < Length)
            {
                if (Input == "text")
                    text.Append(words[random.Next(words.Length)]).Append(' ');
                else
                    text.Append(CultureInfo.InvariantCulture, $"{random.Next(100_000):D8}\0\0{random.Next(7)}user{random.Next(500)}@example.org\0\0\0\0");
            }

            Encoding.UTF8.GetBytes(text.ToString(0, Length)).CopyTo(_raw, 0);
        }

        _packedLength = Lz4Block.Compress(_raw, _packed);
        Console.WriteLine($"// {Input}: {Length} bytes packed to {_packedLength}");
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _raw.CopyTo(_target, 0);

    [Benchmark]
    public int Compress() => Lz4Block.Compress(_raw, _target);

    [Benchmark]
    public bool Decompress() => Lz4Block.TryDecompress(_packed.AsSpan(0, _packedLength), _target.AsSpan(0, Length));
}
