using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>What binding a query found out about its names, by node: what CREATE VIEW freezes.</summary>
internal sealed class ResolvedNames
{
    /// <summary>The full names of columns.</summary>
    public Dictionary<ColumnNode, ColumnNode> Columns { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The select lists, stars expanded, each item with the name of its column as alias.</summary>
    public Dictionary<SelectBody, SelectItem[]> Items { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The conditions that USING and NATURAL stand for.</summary>
    public Dictionary<JoinedTable, ExpressionNode?> Conditions { get; } = new(ReferenceEqualityComparer.Instance);
}
