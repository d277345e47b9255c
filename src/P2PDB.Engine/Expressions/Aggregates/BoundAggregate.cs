using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>An aggregate made of a state factory; DISTINCT wraps the state.</summary>
internal sealed class BoundAggregate(SqlType type, Expression[] arguments, Func<AggregateState> create,
    bool isNullable = true, int distinctKeyCount = 0) : AggregateFunction(type, arguments)
{
    public override bool IsNullable { get; } = isNullable;

    public override AggregateState CreateState() =>
        distinctKeyCount > 0 ? new DistinctState(create(), distinctKeyCount) : create();
}
