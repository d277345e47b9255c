namespace P2PDB.Primitives.Time;

/// <summary>
/// Hybrid logical time: 48 bits of milliseconds since 1970 (UTC) above a 16-bit counter. Ordered as the number it is.
/// </summary>
/// <param name="Value">Milliseconds × 65,536 + counter.</param>
public readonly record struct HlcTimestamp(ulong Value) : IComparable<HlcTimestamp>
{
    /// <summary>Bits that the counter takes below the milliseconds.</summary>
    public const int CounterBits = 16;

    /// <summary>The greatest millisecond that fits: the year 10889.</summary>
    public const ulong MillisecondsMax = (1UL << (64 - CounterBits)) - 1;

    /// <summary>Composes a timestamp from its two parts.</summary>
    public HlcTimestamp(ulong milliseconds, ushort counter)
        : this((milliseconds << CounterBits) | counter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, MillisecondsMax);
    }

    /// <summary>Milliseconds since 1970-01-01 00:00 UTC.</summary>
    public ulong Milliseconds => Value >> CounterBits;

    /// <summary>Order among timestamps of one millisecond.</summary>
    public ushort Counter => (ushort)Value;

    /// <inheritdoc/>
    public int CompareTo(HlcTimestamp other) => Value.CompareTo(other.Value);

    /// <summary>Milliseconds, a dot, and the counter.</summary>
    public override string ToString() => $"{Milliseconds}.{Counter}";

    /// <summary>Earlier than.</summary>
    public static bool operator <(HlcTimestamp left, HlcTimestamp right) => left.Value < right.Value;

    /// <summary>Earlier than or equal.</summary>
    public static bool operator <=(HlcTimestamp left, HlcTimestamp right) => left.Value <= right.Value;

    /// <summary>Later than.</summary>
    public static bool operator >(HlcTimestamp left, HlcTimestamp right) => left.Value > right.Value;

    /// <summary>Later than or equal.</summary>
    public static bool operator >=(HlcTimestamp left, HlcTimestamp right) => left.Value >= right.Value;
}
