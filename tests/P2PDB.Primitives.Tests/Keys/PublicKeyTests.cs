using System.Buffers.Binary;
using P2PDB.Primitives.Keys;

namespace P2PDB.Primitives.Tests.Keys;

public sealed class PublicKeyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void Keys_that_differ_in_a_few_bytes_anywhere_hash_apart(int offset)
    {
        HashSet<int> hashes = [];
        byte[] bytes = new byte[PublicKey.Length];
        for (int i = 0; i < 10_000; i++)
        {
            // Both halves of the word alike: what folds them by exclusive or sees no difference.
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), i);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset + 4), i);
            hashes.Add(new PublicKey(bytes).GetHashCode());
        }

        Assert.InRange(hashes.Count, 9_900, 10_000);
        Assert.Equal(new PublicKey(bytes).GetHashCode(), new PublicKey(bytes).GetHashCode());
    }
}
