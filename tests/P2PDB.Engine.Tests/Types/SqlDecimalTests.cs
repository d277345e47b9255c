using System.Numerics;
using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Types;

public class SqlDecimalTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.00", "0.00")]
    [InlineData("  +12.50abc", "12.50")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5e-3", "0.0015")]
    [InlineData(".5", "0.5")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999", "99999999999999999999999999999999999999999999999999999999999999999")]
    [InlineData("0.0000000000000000000000000000005", "0.000000000000000000000000000001")]
    public void Text_reads_and_prints(string text, string expected)
    {
        Assert.Equal(DecimalParseStatus.Parsed, SqlDecimal.TryParse(Encoding.ASCII.GetBytes(text), out SqlDecimal value, out _));
        Assert.Equal(expected, value.ToString());
    }

    [Theory]
    [InlineData("2.5", 0, "3")]
    [InlineData("-2.5", 0, "-3")]
    [InlineData("1.005", 2, "1.01")]
    [InlineData("149", -2, "100")]
    [InlineData("150", -2, "200")]
    [InlineData("1", 3, "1.000")]
    public void Rounding_goes_half_away_from_zero(string text, int scale, string expected) =>
        Assert.Equal(expected, Read(text).Round(scale).ToString());

    [Fact]
    public void Quotients_keep_groups_of_nine_digits()
    {
        Assert.True(SqlDecimal.TryDivide(Read("2"), Read("3"), 4, out SqlDecimal quotient));
        Assert.Equal("0.666666666", quotient.ToString());
        Assert.False(SqlDecimal.TryDivide(Read("2"), Read("0.00"), 4, out _));
    }

    [Fact]
    public void Sixty_six_digits_overflow()
    {
        SqlDecimal most = SqlDecimal.MaxOf(65, 0);
        Assert.False(SqlDecimal.TryAdd(most, SqlDecimal.One, out _));
        Assert.False(SqlDecimal.TryMultiply(most, Read("10"), out _));
        Assert.True(SqlDecimal.TryAdd(most, Read("-1"), out _));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Arithmetic_agrees_with_big_integers(int seed)
    {
        var dice = new Random(seed);
        for (int i = 0; i < 4_000; i++)
        {
            (SqlDecimal a, BigInteger x, int xs) = Draw(dice);
            (SqlDecimal b, BigInteger y, int ys) = Draw(dice);
            int scale = Math.Max(xs, ys);
            BigInteger left = x * BigInteger.Pow(10, scale - xs), right = y * BigInteger.Pow(10, scale - ys);

            Assert.Equal(left.CompareTo(right), a.CompareTo(b));
            Assert.Equal(left == right, a.GetHashCode() == b.GetHashCode() && a == b);
            if (SqlDecimal.TryAdd(a, b, out SqlDecimal sum) && sum.Scale == scale)
                Assert.Equal(left + right, Unscaled(sum));
            if (SqlDecimal.TryMultiply(a, b, out SqlDecimal product) && product.Scale == xs + ys)
                Assert.Equal(x * y, Unscaled(product));
            if (!y.IsZero && SqlDecimal.TryModulo(a, b, out SqlDecimal rest) && rest.Scale == scale)
                Assert.Equal(BigInteger.Remainder(left, right), Unscaled(rest));
            if (!y.IsZero && SqlDecimal.TryDivideToScale(a, b, 6, out SqlDecimal quotient) && quotient.Scale == 6)
                Assert.Equal(BigInteger.Divide(left * 1_000_000, right), Unscaled(quotient));
            Assert.Equal(a.ToString(), Read(a.ToString()).ToString());
        }
    }

    private static SqlDecimal Read(string text)
    {
        SqlDecimal.TryParse(Encoding.ASCII.GetBytes(text), out SqlDecimal value, out _);
        return value;
    }

    private static BigInteger Unscaled(SqlDecimal value) =>
        BigInteger.Parse(value.ToString().Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

    private static (SqlDecimal Value, BigInteger Digits, int Scale) Draw(Random dice)
    {
        int digits = dice.Next(1, 66), scale = dice.Next(0, Math.Min(30, digits) + 1);
        var text = new StringBuilder(dice.Next(2) == 0 ? "-" : "");
        for (int i = 0; i < digits; i++)
        {
            if (i == digits - scale)
                text.Append(i == 0 ? "0." : ".");
            text.Append((char)('0' + dice.Next(10)));
        }

        SqlDecimal value = Read(text.ToString());
        return (value, Unscaled(value), value.Scale);
    }
}
