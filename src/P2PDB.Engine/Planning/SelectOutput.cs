using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>One column of a select list, stars expanded.</summary>
/// <param name="Node">The expression.</param>
/// <param name="Name">Name of the output column.</param>
internal sealed record SelectOutput(ExpressionNode Node, string Name)
{
    /// <summary>The alias, where there is one.</summary>
    public string? Alias { get; init; }

    /// <summary>The expression, bound.</summary>
    public Expression? Bound { get; set; }
}
