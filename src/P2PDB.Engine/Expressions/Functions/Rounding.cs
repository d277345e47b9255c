namespace P2PDB.Engine.Expressions.Functions;

/// <summary>ROUND and TRUNCATE of doubles, as MySQL computes them.</summary>
internal static class Rounding
{
    /// <summary>Rounds to digits after the point (before it when negative), ties to even.</summary>
    public static double Round(double value, long digits) => Apply(value, digits, static scaled => Math.Round(scaled, MidpointRounding.ToEven));

    /// <summary>Cuts to digits after the point.</summary>
    public static double Truncate(double value, long digits) => Apply(value, digits, Math.Truncate);

    private static double Apply(double value, long digits, Func<double, double> step)
    {
        double unit = Math.Pow(10, Math.Min(Math.Abs(digits), 400));
        if (digits >= 0)
        {
            double scaled = value * unit;
            return double.IsFinite(scaled) ? step(scaled) / unit : value;
        }

        return double.IsInfinity(unit) ? 0 : step(value / unit) * unit;
    }
}
