using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Primitives.Tests.Hashing;

public class Blake3Tests
{
    public static TheoryData<string> Paths =>
        Avx2.IsSupported
            ? [nameof(Blake3Path.Scalar), nameof(Blake3Path.Vector128), nameof(Blake3Path.Vector256)]
            : [nameof(Blake3Path.Scalar), nameof(Blake3Path.Vector128)];

    [Theory, MemberData(nameof(Paths))]
    public void Official_vectors_hold_in_all_modes(string pathName)
    {
        Blake3Path path = Enum.Parse<Blake3Path>(pathName);
        ChainingValue key = Blake3.ReadKey(Blake3VectorFile.Key);
        ChainingValue contextKey = Blake3.ContextKey(path, Blake3VectorFile.Context);
        Assert.Equal(35, Blake3VectorFile.Vectors.Count);
        foreach (Blake3Vector vector in Blake3VectorFile.Vectors)
        {
            byte[] input = Blake3VectorFile.Input(vector.InputLength);

            AssertBothWays(path, Blake3Compression.Initial, 0, input, vector.Hash);
            AssertBothWays(path, key, Blake3Compression.FlagKeyed, input, vector.KeyedHash);
            AssertBothWays(path, contextKey, Blake3Compression.FlagDeriveKeyMaterial, input, vector.DerivedKey);
        }
    }

    [Fact]
    public void Public_functions_give_the_official_vectors()
    {
        foreach (Blake3Vector vector in Blake3VectorFile.Vectors)
        {
            byte[] input = Blake3VectorFile.Input(vector.InputLength);
            byte[] output = new byte[vector.Hash.Length];

            Assert.Equal(vector.Hash.AsSpan(0, 32), Blake3.Hash(input).AsSpan());
            Blake3.Hash(input, output);
            Assert.Equal(vector.Hash, output);
            Assert.Equal(vector.KeyedHash.AsSpan(0, 32), Blake3.HashKeyed(Blake3VectorFile.Key, input).AsSpan());
            Blake3.HashKeyed(Blake3VectorFile.Key, input, output);
            Assert.Equal(vector.KeyedHash, output);
            Blake3.DeriveKey(Blake3VectorFile.Context, input, output);
            Assert.Equal(vector.DerivedKey, output);
            Assert.Equal(vector.KeyedHash[..32], Finish(Blake3Hasher.CreateKeyed(Blake3VectorFile.Key), input));
            Assert.Equal(vector.DerivedKey[..32], Finish(Blake3Hasher.CreateDeriveKey(Blake3VectorFile.Context), input));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void All_paths_agree_on_every_shape_of_tree(string pathName)
    {
        Blake3Path path = Enum.Parse<Blake3Path>(pathName);
        byte[] input = Blake3VectorFile.Input((300 * 1024) + 1);
        for (int chunks = 0; chunks <= 300; chunks += chunks < 70 ? 1 : 23)
        {
            foreach (int extra in (int[])[-1, 0, 1])
            {
                int length = (chunks * 1024) + extra;
                if (length < 0)
                    continue;
                byte[] expected = new byte[32];
                byte[] actual = new byte[32];
                Blake3.Hash(Blake3Path.Scalar, Blake3Compression.Initial, 0, input.AsSpan(0, length), expected);
                Blake3.Hash(path, Blake3Compression.Initial, 0, input.AsSpan(0, length), actual);
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{path}, {length} bytes");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Parts_of_any_size_hash_like_the_whole(int seed)
    {
        var random = new Random(seed);
        byte[] input = new byte[700_000];
        random.NextBytes(input);
        var hasher = new Blake3Hasher();
        for (int run = 0; run < 20; run++)
        {
            int length = random.Next(input.Length);
            int partMax = 1 << random.Next(4, 19);
            hasher.Reset();
            for (int done = 0; done < length;)
            {
                int part = Math.Min(random.Next(partMax), length - done);
                hasher.Update(input.AsSpan(done, part));
                done += part;
                if (partMax > 100_000)
                    Assert.Equal(Blake3.Hash(input.AsSpan(0, done)), hasher.Finish());
            }

            Assert.Equal(Blake3.Hash(input.AsSpan(0, length)), hasher.Finish());
        }
    }

    [Fact]
    public void Gathering_processors_mix_as_shuffling_ones_do()
    {
        byte[] block = Blake3VectorFile.Input(64);
        ChainingValue expected = Blake3Compression.Compress(
            Blake3Path.Scalar, Blake3Compression.Initial, block, 5, 64, 0);

        Vector128<uint> row0 = Blake3Compression.Initial.Low;
        Vector128<uint> row1 = Blake3Compression.Initial.High;
        Vector128<uint> row2 = Blake3Compression.InitialLow;
        Vector128<uint> row3 = Vector128.Create(5u, 0, 64, 0);
        Blake3Compression.MixGathering(ref row0, ref row1, ref row2, ref row3, block);

        Assert.Equal(expected.Low, row0 ^ row2);
        Assert.Equal(expected.High, row1 ^ row3);
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        byte[] input = Blake3VectorFile.Input(200_000);
        var hasher = new Blake3Hasher();
        Blake3.Hash(input);
        hasher.Update(input);
        hasher.Finish();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Blake3.Hash(input);
            hasher.Reset();
            hasher.Update(input);
            hasher.Finish();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertBothWays(
        Blake3Path path, in ChainingValue key, uint flags, byte[] input, byte[] expected)
    {
        byte[] output = new byte[expected.Length];
        Blake3.Hash(path, key, flags, input, output);
        Assert.Equal(expected, output);

        var hasher = new Blake3Hasher(path, key, flags);
        foreach (byte[] part in input.Chunk(999))
            hasher.Update(part);
        hasher.Finish(output);
        Assert.Equal(expected, output);
        Assert.Equal(expected.AsSpan(0, 32), hasher.Finish().AsSpan());
    }

    private static byte[] Finish(Blake3Hasher hasher, byte[] input)
    {
        hasher.Update(input);
        return hasher.Finish().AsSpan().ToArray();
    }
}
