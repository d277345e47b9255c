using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>
/// One step of a plan: what to do, not how. Immutable once planned; Execution makes an operator of each. The types say
/// what a row of its output holds; a null type is a slot that this step leaves unset.
/// </summary>
internal abstract class PlanNode
{
    /// <summary>Rows expected, for choosing between plans.</summary>
    public double Rows { get; set; }

    /// <summary>The steps this one draws from.</summary>
    public virtual PlanNode[] Inputs => [];

    /// <summary>What it evaluates itself, in the order of its text; queries may be inside.</summary>
    public virtual IEnumerable<Expression> Expressions => [];
}
