namespace P2PDB.Engine.Types;

/// <summary>
/// A session's time_zone: an offset, the system's zone, or a named one from the system's zone data. TIMESTAMPs are stored
/// in UTC; this turns them into what the session reads and back.
/// </summary>
public sealed class SessionTimeZone
{
    private readonly TimeZoneInfo? _zone;
    private readonly long _offsetMicroseconds;

    private SessionTimeZone(string name, TimeZoneInfo? zone, long offsetMicroseconds)
    {
        Name = name;
        _zone = zone;
        _offsetMicroseconds = offsetMicroseconds;
    }

    /// <summary>+00:00.</summary>
    public static SessionTimeZone Utc { get; } = new("+00:00", null, 0);

    /// <summary>The machine's zone.</summary>
    public static SessionTimeZone System { get; } = new("SYSTEM", TimeZoneInfo.Local, 0);

    /// <summary>As it was set: SYSTEM, +02:00, Europe/Berlin.</summary>
    public string Name { get; }

    /// <summary>Finds a zone by MySQL's notation; false for error 1298.</summary>
    public static bool TryParse(string name, out SessionTimeZone zone)
    {
        zone = Utc;
        if (string.Equals(name, "SYSTEM", StringComparison.OrdinalIgnoreCase))
        {
            zone = System;
            return true;
        }

        if (TryParseOffset(name, out long offset))
        {
            zone = new SessionTimeZone(Normalise(offset), null, offset);
            return true;
        }

        if (string.Equals(name, "UTC", StringComparison.OrdinalIgnoreCase))
        {
            zone = new SessionTimeZone("UTC", null, 0);
            return true;
        }

        // The system's zones are files: a path out of their folder, or to a device, is no name.
        if (!IsZoneName(name) || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? found))
            return false;
        zone = new SessionTimeZone(name, found, 0);
        return true;
    }

    /// <summary>Reads [+-]h:mm within -13:59 … +14:00.</summary>
    public static bool TryParseOffset(string text, out long microseconds)
    {
        microseconds = 0;
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 2 or > 3 || text.Length - colon is < 2 or > 3 || text[0] is not ('+' or '-'))
            return false;
        if (!TryDigits(text.AsSpan(1, colon - 1), out int hours) || !TryDigits(text.AsSpan(colon + 1), out int minutes)
            || minutes > 59)
        {
            return false;
        }

        int total = (hours * 60) + minutes;
        if (total > (text[0] == '-' ? (13 * 60) + 59 : 14 * 60))
            return false;
        microseconds = total * 60_000_000L * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>What a session in this zone reads for a moment; zero gives the zero date.</summary>
    public TemporalValue ToLocal(long utcMicroseconds)
    {
        if (utcMicroseconds == 0)
            return default;
        TemporalValue.TryFromUnixMicroseconds(utcMicroseconds + OffsetAt(utcMicroseconds), out TemporalValue local);
        return local;
    }

    /// <summary>
    /// The moment that a session in this zone means, microseconds since 1970 UTC; zero for the zero date. A local time
    /// that a clock change skips means the change, as in MySQL; one that comes twice means the first.
    /// </summary>
    public long ToUtc(TemporalValue local)
    {
        if (local.IsZero)
            return 0;
        long wall = local.UnixMicroseconds;
        if (_zone is null)
            return wall - _offsetMicroseconds;
        long early = wall - OffsetAt(wall - (14 * 3_600_000_000L));
        if (early + OffsetAt(early) == wall)
            return early;
        long guess = wall - OffsetAt(early);
        if (guess + OffsetAt(guess) == wall)
            return guess;

        // In the gap: find the first moment after the change.
        long low = Math.Min(guess, early), high = Math.Max(guess, early);
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (middle + OffsetAt(middle) > wall)
                high = middle;
            else
                low = middle;
        }

        return high;
    }

    // Words of letters, digits, _, + and - between slashes, as all names of the IANA database are.
    private static bool IsZoneName(string name)
    {
        bool isWord = false;
        foreach (char c in name)
        {
            if (c != '/' && !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '+' or '-'))
                return false;
            if (c == '/' && !isWord)
                return false;
            isWord = c != '/';
        }

        return isWord;
    }

    private static string Normalise(long offset)
    {
        long minutes = Math.Abs(offset) / 60_000_000;
        return string.Create(global::System.Globalization.CultureInfo.InvariantCulture,
            $"{(offset < 0 ? '-' : '+')}{minutes / 60:00}:{minutes % 60:00}");
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = (value * 10) + c - '0';
        }

        return text.Length > 0;
    }

    private long OffsetAt(long utcMicroseconds)
    {
        if (_zone is null)
            return _offsetMicroseconds;
        long ticks = Math.Clamp(DateTime.UnixEpoch.Ticks + (utcMicroseconds * 10), 0, DateTime.MaxValue.Ticks);
        return _zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Utc)).Ticks / 10;
    }
}
