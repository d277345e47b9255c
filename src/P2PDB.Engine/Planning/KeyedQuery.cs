using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;

namespace P2PDB.Engine.Planning;

/// <summary>
/// A correlated query freed of the row it stands for: it runs once and gives the answers for all rows by key, the key's columns
/// first and the answer, if it is a value, last. A row whose key is not there has the answer of a query that finds nothing.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="OuterKeys">The key over the enclosing block's row.</param>
/// <param name="InnerKeys">The same key over the plan's row.</param>
internal sealed record KeyedQuery(PlanNode Plan, Expression[] OuterKeys, Expression[] InnerKeys)
{
    /// <summary>How many runs of the correlated query cost what running this one does.</summary>
    public required double RunCount { get; init; }
}
