using FsCheck.Xunit;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Primitives.Tests.Buffers;

public class VarintTests
{
    [Fact]
    public void Lengths_change_at_powers_of_128()
    {
        byte[] bytes = new byte[Varint.LengthMax];
        for (int bit = 0; bit < 64; bit++)
        {
            foreach (ulong value in (ulong[])[1UL << bit, (1UL << bit) - 1, (1UL << bit) + 1, ulong.MaxValue >> bit])
            {
                int length = Varint.Write(bytes, value);

                Assert.Equal(length, Varint.LengthOf(value));
                Assert.True(Varint.TryRead(bytes, out ulong read, out int readLength));
                Assert.Equal(value, read);
                Assert.Equal(length, readLength);
                Assert.Equal(0, Varint.Write(bytes.AsSpan(0, length - 1), value));
                Assert.False(Varint.TryRead(bytes.AsSpan(0, length - 1), out _, out int none));
                Assert.Equal(0, none);
            }
        }
    }

    [Theory]
    [InlineData("8000")]
    [InlineData("FF00")]
    [InlineData("808080808000")]
    [InlineData("80")]
    [InlineData("")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFF81")]
    [InlineData("FFFFFFFFFFFFFFFFFF8100")]
    [InlineData("FFFFFFFFFFFFFFFFFF00")]
    public void Longer_forms_cut_ones_and_overflow_are_refused(string hex)
    {
        Assert.False(Varint.TryRead(Convert.FromHexString(hex), out _, out int length));
        Assert.Equal(0, length);
    }

    [Property(MaxTest = 1000)]
    public bool What_is_accepted_is_written_the_same(byte[] bytes)
    {
        byte[] again = new byte[Varint.LengthMax];
        return !Varint.TryRead(bytes, out ulong value, out int length)
            || bytes.AsSpan(0, length).SequenceEqual(again.AsSpan(0, Varint.Write(again, value)));
    }
}
