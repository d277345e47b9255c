using P2PDB.Engine.Planning.Nodes;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>The measures of the operators of one execution, by the step of the plan.</summary>
internal sealed class PlanMeasures(TimeProvider clock)
{
    private readonly Dictionary<PlanNode, OperatorMeasure> _measures = new(ReferenceEqualityComparer.Instance);

    /// <summary>A measure for the operator of a step.</summary>
    public OperatorMeasure Add(PlanNode node) => _measures[node] = new OperatorMeasure(clock);

    /// <summary>What the operator of a step did, or null where none was made.</summary>
    public OperatorMeasure? Of(PlanNode node) => _measures.GetValueOrDefault(node);
}
