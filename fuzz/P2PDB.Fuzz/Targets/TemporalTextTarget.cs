using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: text that holds a date, a datetime or a time, in MySQL's many forms: the law is that what was read, written as SQL writes
/// it, reads as the same value. The same text is read as the name of a time zone as well.
/// </summary>
internal sealed class TemporalTextTarget : IFuzzTarget
{
    // Noon of a day in winter: no zone changes its clocks there.
    private const long Moment = 1_705_320_000_000_000;

    private const TemporalRules Lenient = TemporalRules.AllowZeroDate | TemporalRules.AllowZeroInDate;

    public string Name => "temporal-text";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Types/TemporalText.cs", "P2PDB.Engine/Types/TemporalScanner.cs", "P2PDB.Engine/Types/SessionTimeZone.cs"];

    public int InputLengthMax => 64;

    public IReadOnlyList<byte[]> Words { get; } =
        Array.ConvertAll("- : . T Z +02:00 -14:00 00 59 31 12 2024 9999 23:59:59 .9999995 838 0000-00-00 99 Etc/GMT+5 America/New_York / ..".Split(' '), Encoding.UTF8.GetBytes);

    public IEnumerable<byte[]> Seeds =>
    [
        "2024-02-29"u8.ToArray(), "2024-12-31 23:59:59.9999995"u8.ToArray(), "20240229"u8.ToArray(), "240229"u8.ToArray(), "20240229T0304"u8.ToArray(),
        "20240229112233.5"u8.ToArray(), "0000-00-00"u8.ToArray(), "1999-00-01 00:00:00"u8.ToArray(), "2024-01-02T03:04:05+02:00"u8.ToArray(), "2024-01-02 03:04:05Z"u8.ToArray(),
        "+02:00"u8.ToArray(), "SYSTEM"u8.ToArray(), "utc"u8.ToArray(), "Europe/Berlin"u8.ToArray(), "-838:59:59"u8.ToArray(), "1 02:03:04.5"u8.ToArray(), "112233"u8.ToArray(), "11:22"u8.ToArray(), ".5"u8.ToArray(), "99:00:00"u8.ToArray(), "70-1-1"u8.ToArray(), "00-00-00"u8.ToArray(),
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        TemporalStatus date = TemporalText.ParseDateTime(input, Lenient, SessionTimeZone.Utc, out TemporalValue value, out bool hasTime);
        TemporalStatus time = TemporalText.ParseTime(input, SessionTimeZone.Utc, out long microseconds);
        probe.EndDecoding();
        probe.Reached((int)date + (hasTime ? 8 : 0));
        probe.Reached(16 + (int)time);
        if (date != TemporalStatus.Invalid)
            RequireSameDateTime(value);
        if (time != TemporalStatus.Invalid)
            RequireSameTime(microseconds);

        RequireZone(input, probe);
        long number = NumberText.ParseInteger(input, out _, out _, out _);
        probe.Reached(32 + (int)TemporalText.FromNumber(number, Lenient, out value));
        probe.Reached(48 + (int)TemporalText.TimeFromNumber(number, out microseconds));
        FuzzLaw.Require(Math.Abs(microseconds) <= TemporalValue.TimeMax, "a time is in range");
        return date != TemporalStatus.Invalid || time != TemporalStatus.Invalid;
    }

    private static void RequireZone(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        string name = Encoding.UTF8.GetString(input);
        bool isZone = SessionTimeZone.TryParse(name, out SessionTimeZone zone);
        bool isOffset = SessionTimeZone.TryParseOffset(name, out long offset);
        probe.Reached(64 + (isZone ? 1 : 0) + (isOffset ? 2 : 0));
        if (!isZone)
        {
            FuzzLaw.Require(!isOffset && zone == SessionTimeZone.Utc, "what is no zone is no offset, and leaves UTC");
            return;
        }

        FuzzLaw.Require(Math.Abs(offset) <= 14 * 3_600_000_000L, "an offset is in range");
        FuzzLaw.Require(SessionTimeZone.TryParse(zone.Name, out SessionTimeZone again) && again.Name == zone.Name, "a zone's own name is read");
        TemporalValue local = zone.ToLocal(Moment);
        FuzzLaw.Require(zone.ToUtc(local) == Moment && again.ToLocal(Moment).Packed == local.Packed, "a moment goes there and back");
    }

    private static void RequireSameDateTime(TemporalValue value)
    {
        Span<byte> text = stackalloc byte[26];
        int length = TemporalText.FormatDateTime(value, 6, text);
        TemporalStatus status = TemporalText.ParseDateTime(text[..length], Lenient, SessionTimeZone.Utc, out TemporalValue again);
        FuzzLaw.Require(status == TemporalStatus.Parsed && again.Packed == value.Packed, "a datetime reads as it was written");
        FuzzLaw.Require(TemporalValue.IsValid(value.Packed), "a datetime is in range");
        for (int digits = 0; digits < 6; digits++)
        {
            if (TemporalText.TryRound(value, digits, out TemporalValue rounded))
                FuzzLaw.Require(TemporalValue.IsValid(rounded.Packed), "rounding stays in range");
        }
    }

    private static void RequireSameTime(long microseconds)
    {
        FuzzLaw.Require(Math.Abs(microseconds) <= TemporalValue.TimeMax, "a time is in range");
        Span<byte> text = stackalloc byte[17];
        int length = TemporalText.FormatTime(microseconds, 6, text);
        TemporalStatus status = TemporalText.ParseTime(text[..length], SessionTimeZone.Utc, out long again);
        FuzzLaw.Require(status == TemporalStatus.Parsed && again == microseconds, "a time reads as it was written");
        FuzzLaw.Require(Math.Abs(TemporalText.RoundTime(microseconds, 0)) <= TemporalValue.TimeMax, "rounding stays in range");
    }
}
