using P2PDB.Primitives.Compression;

namespace P2PDB.Fuzz.Targets;

/// <summary>Any bytes come back, whatever room the compressor had.</summary>
internal sealed class Lz4RoundTripTarget : IFuzzTarget
{
    private readonly byte[] _packed = new byte[Lz4Block.LengthMax(16384)];
    private readonly byte[] _raw = new byte[16384];

    public string Name => "lz4-round-trip";

    public IReadOnlyList<string> Decoder => ["P2PDB.Primitives/Compression/"];

    public IEnumerable<byte[]> Seeds =>
        [[], [1], "abcabcabcabcabcabcabc, abcabcabc and so on"u8.ToArray(), new byte[100], new byte[5000]];

    public int InputLengthMax => 16384;

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        int length = Lz4Block.Compress(input, _packed.AsSpan(0, Lz4Block.LengthMax(input.Length)));
        FuzzLaw.Require(length > 0, "the bound is enough");
        FuzzLaw.Require(Lz4Block.TryDecompress(_packed.AsSpan(0, length), _raw.AsSpan(0, input.Length)), "own blocks are read");
        FuzzLaw.RequireSame(input, _raw.AsSpan(0, input.Length), "round trip");
        FuzzLaw.Require(Lz4Block.Compress(input, _packed.AsSpan(0, length - 1)) == 0, "no block in less room");
        FuzzLaw.Require(Lz4Block.Compress(input, _packed.AsSpan(0, length)) == length, "the same block in just enough room");
        probe.Reached((length * 16) / (input.Length + 1));
        return length < input.Length;
    }
}
