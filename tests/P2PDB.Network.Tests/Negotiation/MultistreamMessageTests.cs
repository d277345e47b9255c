using System.Text;
using P2PDB.Network.Negotiation;

namespace P2PDB.Network.Tests.Negotiation;

public class MultistreamMessageTests
{
    [Fact]
    public void Header_has_its_golden_bytes()
    {
        byte[] target = new byte[64];

        int length = MultistreamMessage.Encode(MultistreamMessage.Header, target);

        Assert.Equal("132f6d756c746973747265616d2f312e302e300a", Convert.ToHexStringLower(target.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("", MultistreamStatus.Incomplete)]
    [InlineData("03", MultistreamStatus.Incomplete)]
    [InlineData("036e61", MultistreamStatus.Incomplete)]
    [InlineData("036e610a", MultistreamStatus.Decoded)]
    [InlineData("036e6161", MultistreamStatus.Malformed)]   // no newline
    [InlineData("00", MultistreamStatus.Malformed)]
    [InlineData("80", MultistreamStatus.Incomplete)]
    [InlineData("8000", MultistreamStatus.Malformed)]       // not the shortest form
    [InlineData("8108", MultistreamStatus.Malformed)]       // 1,025 bytes
    [InlineData("ffff", MultistreamStatus.Malformed)]
    public void Statuses(string hex, object expected)
    {
        MultistreamStatus status = MultistreamMessage.TryDecode(Convert.FromHexString(hex), out ReadOnlySpan<byte> text, out int consumed);

        Assert.Equal(expected, status);
        if (status == MultistreamStatus.Decoded)
            Assert.Equal(("na", hex.Length / 2), (Encoding.UTF8.GetString(text), consumed));
    }
}
