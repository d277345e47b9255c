using P2PDB.Primitives.Hashing;

namespace P2PDB.Primitives.Tests.Hashing;

public class Crc32CTests
{
    [Fact]
    public void Known_answers_hold()
    {
        // The check value of the catalogue of CRCs, then RFC 3720, B.4.
        Assert.Equal(0xE306_9283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A91_36AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8_AB43u, Crc32C.Compute([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD_794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Instruction_and_table_agree_on_any_length_and_cut()
    {
        byte[] bytes = new byte[5000];
        new Random(7).NextBytes(bytes);
        foreach (int length in (int[])[.. Enumerable.Range(0, 70), 767, 768, 769, 1023, 3071, 3072, 3080, 4999, 5000])
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(0, length);
            uint whole = Crc32C.Compute(part);
            int cut = length / 3;

            Assert.Equal(~Crc32C.UpdateByTable(uint.MaxValue, part), whole);
            Assert.Equal(whole, Crc32C.Append(Crc32C.Compute(part[..cut]), part[cut..]));
        }
    }
}
