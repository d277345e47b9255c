using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>
/// A bound aggregate: COUNT, SUM, … over argument expressions. Immutable and shared like expressions; an execution takes
/// a state of its own.
/// </summary>
internal abstract class AggregateFunction(SqlType type, Expression[] arguments)
{
    /// <summary>The type of the result.</summary>
    public SqlType Type { get; } = type;

    /// <summary>What is aggregated; none for COUNT(*).</summary>
    public ReadOnlySpan<Expression> Arguments => arguments;

    /// <summary>False for COUNT and the BIT_ functions, which are never NULL.</summary>
    public virtual bool IsNullable => true;

    /// <summary>Makes the state of one execution.</summary>
    public abstract AggregateState CreateState();
}
