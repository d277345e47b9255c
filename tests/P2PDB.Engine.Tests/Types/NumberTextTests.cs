using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Types;

public class NumberTextTests
{
    [Theory]
    [InlineData(1e14, "100000000000000")]
    [InlineData(1e15, "1e15")]
    [InlineData(1e-15, "0.000000000000001")]
    [InlineData(1e-16, "1e-16")]
    [InlineData(1.2345678901234568e17, "1.2345678901234568e17")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(1.5e300, "1.5e300")]
    [InlineData(-123456.7891, "-123456.7891")]
    [InlineData(0.0, "0")]
    [InlineData(100.0, "100")]
    public void Doubles_print_as_in_MySQL(double value, string expected)
    {
        Span<byte> text = stackalloc byte[NumberText.LengthMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..NumberText.Format(value, text)]));
    }

    [Theory]
    [InlineData(16777216, "16777200")]
    [InlineData(0.1f, "0.1")]
    [InlineData(1e-20f, "1e-20")]
    public void Floats_print_six_digits(double value, string expected)
    {
        Span<byte> text = stackalloc byte[NumberText.LengthMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..NumberText.FormatFloat(value, text)]));
    }
}
