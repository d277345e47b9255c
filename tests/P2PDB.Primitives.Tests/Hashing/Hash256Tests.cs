using System.Runtime.CompilerServices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Primitives.Tests.Hashing;

public class Hash256Tests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)(0xF0 + i))];

    [Fact]
    public void Bytes_and_text_come_back()
    {
        var hash = new Hash256(Bytes);
        byte[] copy = new byte[32];
        hash.CopyTo(copy);

        Assert.Equal(Bytes, copy);
        Assert.Equal(Bytes, hash.AsSpan());
        Assert.Equal(Convert.ToHexStringLower(Bytes), hash.ToString());
        Assert.Equal(hash, new Hash256(copy));
        Assert.Equal(hash.GetHashCode(), new Hash256(copy).GetHashCode());
        Assert.Equal(32, Unsafe.SizeOf<Hash256>());
    }

    [Fact]
    public void Order_is_bytewise_and_every_byte_counts()
    {
        var hash = new Hash256(Bytes);
        for (int i = 0; i < 32; i++)
        {
            byte[] changed = [.. Bytes];
            changed[i]--;
            var other = new Hash256(changed);
            bool isLess = changed[i] < Bytes[i];

            Assert.True(hash != other);
            Assert.Equal(isLess, other < hash);
            Assert.Equal(isLess, other.CompareTo(hash) < 0);
            Assert.Equal(isLess, hash >= other);
            changed = new byte[32];
            changed[i] = 1;
            Assert.False(new Hash256(changed).IsZero);
        }

        Assert.True(default(Hash256).IsZero);
        Assert.Throws<ArgumentException>(() => new Hash256(new byte[31]));
    }
}
