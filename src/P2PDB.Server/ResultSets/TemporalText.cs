using P2PDB.Engine.Types;

namespace P2PDB.Server.ResultSets;

/// <summary>Dates and times as text. Each method returns the length it wrote.</summary>
internal static class TemporalText
{
    private const int MicrosecondDigits = 6;

    /// <summary>YYYY-MM-DD.</summary>
    public static int FormatDate(Span<byte> target, TemporalValue value)
    {
        int year = value.Year;
        TwoDigits(target, year / 100);
        TwoDigits(target[2..], year % 100);
        target[4] = (byte)'-';
        TwoDigits(target[5..], value.Month);
        target[7] = (byte)'-';
        TwoDigits(target[8..], value.Day);
        return 10;
    }

    /// <summary>YYYY-MM-DD hh:mm:ss with the fraction digits of the type.</summary>
    public static int FormatDateTime(Span<byte> target, TemporalValue value, int scale)
    {
        FormatDate(target, value);
        target[10] = (byte)' ';
        TwoDigits(target[11..], value.Hour);
        target[13] = (byte)':';
        TwoDigits(target[14..], value.Minute);
        target[16] = (byte)':';
        TwoDigits(target[17..], value.Second);
        return 19 + FormatFraction(target[19..], value.Microsecond, scale);
    }

    /// <summary>[-]hh:mm:ss, at least two digits of hours, with the fraction digits of the type.</summary>
    public static int FormatTime(Span<byte> target, long microseconds, int scale)
    {
        int length = 0;
        if (microseconds < 0)
            target[length++] = (byte)'-';
        ulong magnitude = (ulong)Math.Abs(microseconds);
        ulong seconds = magnitude / 1_000_000;
        int hours = (int)(seconds / 3_600);
        if (hours >= 100)
            target[length++] = (byte)('0' + hours / 100 % 10);
        TwoDigits(target[length..], hours % 100);
        target[length + 2] = (byte)':';
        TwoDigits(target[(length + 3)..], (int)(seconds / 60 % 60));
        target[length + 5] = (byte)':';
        TwoDigits(target[(length + 6)..], (int)(seconds % 60));
        length += 8;
        return length + FormatFraction(target[length..], (int)(magnitude % 1_000_000), scale);
    }

    private static int FormatFraction(Span<byte> target, int microsecond, int scale)
    {
        if (scale <= 0)
            return 0;

        target[0] = (byte)'.';
        int rest = microsecond;
        for (int i = MicrosecondDigits; i > 0; i--)
        {
            if (i <= scale)
                target[i] = (byte)('0' + rest % 10);
            rest /= 10;
        }

        return 1 + scale;
    }

    private static void TwoDigits(Span<byte> target, int value)
    {
        target[1] = (byte)('0' + value % 10);
        target[0] = (byte)('0' + value / 10);
    }
}
