using P2PDB.Primitives.Compression;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u16 raw length, then a block. Nothing outside the output is written, and accepted bytes survive another
/// compression.
/// </summary>
internal sealed class Lz4DecompressTarget : IFuzzTarget
{
    private const int Guard = 64;
    private const byte GuardByte = 0xA5;

    private readonly byte[] _raw = new byte[ushort.MaxValue + (2 * Guard)];
    private readonly byte[] _again = new byte[ushort.MaxValue];
    private readonly byte[] _packed = new byte[Lz4Block.LengthMax(ushort.MaxValue)];

    public string Name => "lz4-decompress";

    public IReadOnlyList<string> Decoder => ["P2PDB.Primitives/Compression/Lz4Decompressor.cs", "P2PDB.Primitives/Compression/Lz4Block.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var random = new Random(1);
            foreach (int length in (int[])[0, 1, 13, 40, 300, 2000, 20000])
            {
                foreach (int letters in (int[])[1, 2, 30])
                {
                    byte[] raw = new byte[length];
                    for (int i = 0; i < length; i++)
                    {
                        raw[i] = (byte)(random.Next(5) == 0 || i < 20
                            ? random.Next(letters) : raw[i - 1 - random.Next(letters > 2 ? 19 : 3)]);
                    }

                    byte[] packed = new byte[Lz4Block.LengthMax(length)];
                    int packedLength = Lz4Block.Compress(raw, packed);
                    yield return [(byte)length, (byte)(length >> 8), .. packed.AsSpan(0, packedLength)];
                }
            }
        }
    }

    public int InputLengthMax => 8192;

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < sizeof(ushort))
            return false;
        int length = input[0] | (input[1] << 8);
        Span<byte> all = _raw.AsSpan(0, length + (2 * Guard));
        all[..Guard].Fill(GuardByte);
        all[^Guard..].Fill(GuardByte);
        Span<byte> raw = all.Slice(Guard, length);

        bool accepted = Lz4Block.TryDecompress(input[2..], raw);

        FuzzLaw.Require(!all[..Guard].ContainsAnyExcept(GuardByte), "bytes before the output are left alone");
        FuzzLaw.Require(!all[^Guard..].ContainsAnyExcept(GuardByte), "bytes after the output are left alone");
        if (!accepted)
            return false;
        int packedLength = Lz4Block.Compress(raw, _packed);
        FuzzLaw.Require(Lz4Block.TryDecompress(_packed.AsSpan(0, packedLength), _again.AsSpan(0, length)), "own blocks are read");
        FuzzLaw.RequireSame(raw, _again.AsSpan(0, length), "round trip");
        return true;
    }
}
