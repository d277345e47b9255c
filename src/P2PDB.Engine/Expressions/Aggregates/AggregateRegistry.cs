namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>The aggregate functions by name.</summary>
internal static class AggregateRegistry
{
    /// <summary>True when an aggregate of this name exists.</summary>
    public static bool IsAggregate(string name) => name.ToUpperInvariant() is "COUNT" or "SUM" or "AVG" or "MIN" or "MAX"
        or "BIT_AND" or "BIT_OR" or "BIT_XOR" or "STD" or "STDDEV" or "STDDEV_POP" or "STDDEV_SAMP" or "VARIANCE"
        or "VAR_POP" or "VAR_SAMP" or "GROUP_CONCAT" or "JSON_ARRAYAGG" or "JSON_OBJECTAGG";
}
