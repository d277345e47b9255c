using P2PDB.Primitives.Compression;

namespace P2PDB.Primitives.Tests.Compression;

public class Lz4BlockTests
{
    [Fact]
    public void Text_comes_back()
    {
        byte[] raw = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i % 37 * (i / 400)))];
        byte[] packed = new byte[Lz4Block.LengthMax(raw.Length)];
        int length = Lz4Block.Compress(raw, packed);
        byte[] back = new byte[raw.Length];
        Assert.InRange(length, 1, 1000);
        Assert.True(Lz4Block.TryDecompress(packed.AsSpan(0, length), back));
        Assert.Equal(raw, back);
    }
}
