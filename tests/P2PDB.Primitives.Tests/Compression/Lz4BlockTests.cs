using System.Text;
using FsCheck.Xunit;
using P2PDB.Primitives.Compression;

namespace P2PDB.Primitives.Tests.Compression;

public class Lz4BlockTests
{
    [Property(MaxTest = 500)]
    public void Any_bytes_come_back(byte[] raw) => AssertRoundTrip(raw);

    /// <summary>Few letters, long repeats, all lengths: the shapes that reach every branch of both sides.</summary>
    [Property(MaxTest = 500)]
    public void Repetitive_bytes_come_back(int seed)
    {
        var random = new Random(seed);
        List<byte> raw = [];
        int pieces = random.Next(60);
        for (int i = 0; i < pieces; i++)
        {
            int length = random.Next(1 << random.Next(1, 11));
            if (random.Next(2) == 0 || raw.Count == 0)
            {
                int letters = 1 << random.Next(1, 9);
                raw.AddRange(Enumerable.Range(0, length).Select(_ => (byte)random.Next(letters)));
            }
            else
            {
                int distance = 1 + random.Next(random.Next(2) == 0 ? Math.Min(raw.Count, 20) : raw.Count);
                for (int j = 0; j < length; j++)
                    raw.Add(raw[^distance]);
            }
        }

        AssertRoundTrip([.. raw]);
    }

    [Fact]
    public void Every_short_length_comes_back()
    {
        for (int length = 0; length < 600; length++)
        {
            AssertRoundTrip(new byte[length]);
            AssertRoundTrip([.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))]);
            AssertRoundTrip([.. Enumerable.Range(0, length).Select(i => (byte)(i % 13))]);
        }
    }

    [Fact]
    public void Matches_reach_back_65535_bytes_and_not_further()
    {
        byte[] unique = new byte[70_000];
        new Random(5).NextBytes(unique);
        foreach (int gap in (int[])[65_500, 65_534, 65_535, 65_536, 65_537, 70_000])
        {
            byte[] raw = [.. unique[..gap], .. unique[..500], .. new byte[20]];
            AssertRoundTrip(raw);
        }
    }

    [Fact]
    public void Large_repetitive_input_shrinks_and_comes_back()
    {
        byte[] raw = Encoding.UTF8.GetBytes(string.Concat(
            Enumerable.Range(0, 20_000).Select(i => $"{{\"id\":{i},\"name\":\"user {i % 97}\",\"active\":true}}")));
        int packedLength = AssertRoundTrip(raw);
        Assert.InRange(packedLength, 1, raw.Length / 3);
    }

    [Fact]
    public void Incompressible_input_stays_within_the_bound()
    {
        byte[] raw = new byte[100_000];
        new Random(3).NextBytes(raw);
        Assert.InRange(AssertRoundTrip(raw), raw.Length, Lz4Block.LengthMax(raw.Length));
    }

    [Fact]
    public void Golden_block_is_read_and_written()
    {
        // One literal 'a', a match of 18 at distance 1, the last five bytes literal.
        byte[] raw = [.. Enumerable.Repeat((byte)'a', 24)];
        byte[] packed = [0x1E, (byte)'a', 0x01, 0x00, 0x50, .. "aaaaa"u8];
        byte[] target = new byte[Lz4Block.LengthMax(raw.Length)];

        Assert.Equal(packed, target[..Lz4Block.Compress(raw, target)]);
        AssertDecompresses(packed, raw);
    }

    [Fact]
    public void Handwritten_blocks_of_the_specification_are_read()
    {
        AssertDecompresses([0x00], []);
        AssertDecompresses([0x30, 1, 2, 3], [1, 2, 3]);
        AssertDecompresses([0x20, 1, 2, 2, 0, 0x00], [1, 2, 1, 2, 1, 2]);
        AssertDecompresses([0xF0, 0, .. Enumerable.Range(0, 15).Select(i => (byte)i)], [.. Enumerable.Range(0, 15).Select(i => (byte)i)]);
        AssertDecompresses([0x1F, 7, 1, 0, 255, 10, 0x10, 9], [.. Enumerable.Repeat((byte)7, 1 + 15 + 265 + 4), 9]);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("", 1)]
    [InlineData("00", 1)]
    [InlineData("01", 0)]
    [InlineData("10", 1)]
    [InlineData("30010203", 2)]
    [InlineData("30010203", 4)]
    [InlineData("31010203", 3)]
    [InlineData("F0", 15)]
    [InlineData("F0FF", 300)]
    [InlineData("F0FFFFFFFF", 30000)]
    [InlineData("1001", 2)]
    [InlineData("10010000", 6)]
    [InlineData("1001000000", 6)]
    [InlineData("100102000000", 6)]
    [InlineData("10010100", 5)]
    [InlineData("1001010000", 4)]
    [InlineData("1F010100", 20)]
    [InlineData("1F0101000000", 21)]
    [InlineData("1F0101000000", 19)]
    [InlineData("1F010100FFFFFFFFFF0000", 100)]
    [InlineData("000000", 4)]
    [InlineData("0001000000", 4)]
    public void Malformed_block_is_refused(string packedHex, int rawLength) =>
        Assert.False(Lz4Block.TryDecompress(Convert.FromHexString(packedHex), new byte[rawLength]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_blocks_never_touch_memory_outside(int seed)
    {
        var random = new Random(seed);
        byte[] raw = [.. Enumerable.Range(0, 3000).Select(i => (byte)(random.Next(4) == 0 ? random.Next(5) : i % 50))];
        byte[] packed = new byte[Lz4Block.LengthMax(raw.Length)];
        int packedLength = Lz4Block.Compress(raw, packed);
        for (int run = 0; run < 20_000; run++)
        {
            byte[] damaged = packed[..packedLength];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            int cut = random.Next(3) == 0 ? random.Next(damaged.Length) : damaged.Length;
            AssertStaysInside(damaged.AsSpan(0, cut), random.Next(3) == 0 ? random.Next(4000) : raw.Length);
        }
    }

    [Fact]
    public void Target_one_byte_too_short_is_refused_and_the_exact_one_is_enough()
    {
        byte[] raw = [.. Enumerable.Range(0, 400).Select(i => (byte)(i % 3 == 0 ? i : 7))];
        byte[] target = new byte[Lz4Block.LengthMax(raw.Length)];
        int length = Lz4Block.Compress(raw, target);
        for (int room = 0; room < length; room++)
        {
            byte[] guarded = [.. Enumerable.Repeat((byte)0xA5, length + 8)];
            Assert.Equal(0, Lz4Block.Compress(raw, guarded.AsSpan(0, room)));
            Assert.Equal(-1, guarded.AsSpan(room).IndexOfAnyExcept((byte)0xA5));
        }

        Assert.Equal(length, Lz4Block.Compress(raw, target.AsSpan(0, length)));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] raw = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i % 37 * (i / 400)))];
        byte[] packed = new byte[Lz4Block.LengthMax(raw.Length)];
        int length = Lz4Block.Compress(raw, packed);
        Lz4Block.TryDecompress(packed.AsSpan(0, length), raw);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Lz4Block.Compress(raw, packed);
        Lz4Block.TryDecompress(packed.AsSpan(0, length), raw);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int AssertRoundTrip(byte[] raw)
    {
        byte[] packed = new byte[Lz4Block.LengthMax(raw.Length)];
        int length = Lz4Block.Compress(raw, packed);
        Assert.InRange(length, 1, packed.Length);
        AssertDecompresses(packed.AsSpan(0, length), raw);
        Assert.False(Lz4Block.TryDecompress(packed.AsSpan(0, length), new byte[raw.Length + 1]));
        if (raw.Length > 0)
            Assert.False(Lz4Block.TryDecompress(packed.AsSpan(0, length), new byte[raw.Length - 1]));
        return length;
    }

    private static void AssertDecompresses(ReadOnlySpan<byte> packed, byte[] expected)
    {
        byte[] raw = new byte[expected.Length];
        Assert.True(Lz4Block.TryDecompress(packed, raw), Convert.ToHexString(packed[..Math.Min(packed.Length, 100)]));
        Assert.True(expected.AsSpan().SequenceEqual(raw));
    }

    private static void AssertStaysInside(ReadOnlySpan<byte> packed, int rawLength)
    {
        byte[] guarded = [.. Enumerable.Repeat((byte)0xA5, rawLength + 64)];
        Lz4Block.TryDecompress(packed, guarded.AsSpan(32, rawLength));
        Assert.Equal(-1, guarded.AsSpan(0, 32).IndexOfAnyExcept((byte)0xA5));
        Assert.Equal(-1, guarded.AsSpan(32 + rawLength).IndexOfAnyExcept((byte)0xA5));
    }
}
