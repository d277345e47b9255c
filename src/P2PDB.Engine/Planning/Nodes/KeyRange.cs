using System.Linq;
using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>
/// One stretch of an index: equal to <see cref="Prefix"/> in the leading columns and between the bounds in the next one.
/// The expressions are constant for the scan; they may read parameters, outer rows and, in a join, the left side's row.
/// A NULL among them matches nothing unless <see cref="MatchesNull"/>.
/// </summary>
internal sealed record KeyRange(Expression[] Prefix)
{
    /// <summary>Lower bound of the column after the prefix, or null.</summary>
    public Expression? Low { get; init; }

    /// <summary>True where the lower bound itself belongs to the range.</summary>
    public bool IsLowInclusive { get; init; }

    /// <summary>Upper bound of the column after the prefix, or null.</summary>
    public Expression? High { get; init; }

    /// <summary>True where the upper bound itself belongs to the range.</summary>
    public bool IsHighInclusive { get; init; }

    /// <summary>True where a NULL in the last prefix column means rows with NULL: IS NULL and the null-safe equal.</summary>
    public bool MatchesNull { get; init; }

    /// <summary>True when nothing but an equal key counts.</summary>
    public bool IsEquality => Low is null && High is null;

    /// <summary>All values that name it.</summary>
    public IEnumerable<Expression> Expressions => [.. Prefix, .. new[] { Low, High }.OfType<Expression>()];
}
