using System.Linq;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Rows of constants: VALUES ROW(…), or the one empty row of a SELECT without FROM.</summary>
internal sealed class ValuesNode(Expression[][] items, SqlType[] types) : PlanNode
{
    /// <summary>The rows; each item is evaluated over an empty row.</summary>
    public Expression[][] Items { get; } = items;

    /// <summary>Types of the columns.</summary>
    public SqlType[] Types { get; } = types;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Items.SelectMany(static row => row);
}
