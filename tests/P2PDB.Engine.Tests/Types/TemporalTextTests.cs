using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Types;

public class TemporalTextTests
{
    [Theory]
    [InlineData("2020-1-2 3:4:5.1234567", "2020-01-02 03:04:05.123457")]
    [InlineData("20200102", "2020-01-02 00:00:00.000000")]
    [InlineData("200102", "2020-01-02 00:00:00.000000")]
    [InlineData("20200102030405.5", "2020-01-02 03:04:05.500000")]
    [InlineData("2020-01-02T03:04", "2020-01-02 03:04:00.000000")]
    [InlineData("2020.01.02", "2020-01-02 00:00:00.000000")]
    [InlineData("70-1-2", "1970-01-02 00:00:00.000000")]
    [InlineData("69-1-2", "2069-01-02 00:00:00.000000")]
    [InlineData("2020-01-02T03:04:05Z", "2020-01-02 05:04:05.000000")]
    [InlineData("2020-01-02 03:04:05+01:00", "2020-01-02 04:04:05.000000")]
    [InlineData("1999-12-31 23:59:59.9999999", "2000-01-01 00:00:00.000000")]
    [InlineData("2020-02-30", null)]
    [InlineData("2020-00-01", null)]
    [InlineData("abc", null)]
    [InlineData("", null)]
    public void Datetimes_read_as_in_MySQL(string text, string? expected)
    {
        Assert.True(SessionTimeZone.TryParse("+02:00", out SessionTimeZone zone));
        TemporalStatus status = TemporalText.ParseDateTime(Encoding.ASCII.GetBytes(text), TemporalRules.None, zone, out TemporalValue value);
        Span<byte> shown = stackalloc byte[32];
        Assert.Equal(expected, status == TemporalStatus.Invalid ? null : Encoding.ASCII.GetString(shown[..TemporalText.FormatDateTime(value, 6, shown)]));
    }

    [Theory]
    [InlineData("1 10:11", "34:11:00")]
    [InlineData("101112", "10:11:12")]
    [InlineData("10:11", "10:11:00")]
    [InlineData("1011", "00:10:11")]
    [InlineData("-850:00:00", "-838:59:59")]
    [InlineData("2020-01-02 03:04:05", "03:04:05")]
    [InlineData("10:61:00", null)]
    public void Times_read_as_in_MySQL(string text, string? expected)
    {
        TemporalStatus status = TemporalText.ParseTime(Encoding.ASCII.GetBytes(text), SessionTimeZone.Utc, out long value);
        Span<byte> shown = stackalloc byte[32];
        Assert.Equal(expected, status == TemporalStatus.Invalid ? null : Encoding.ASCII.GetString(shown[..TemporalText.FormatTime(value, 0, shown)]));
    }

    [Fact]
    public void Day_numbers_run_through_the_calendar()
    {
        for (int day = 366; day <= TemporalValue.DayMax; day += 13)
            Assert.Equal(day, TemporalValue.FromDayNumber(day).DayNumber);
        Assert.Equal(new TemporalValue(9999, 12, 31), TemporalValue.FromDayNumber(TemporalValue.DayMax));
    }
}
