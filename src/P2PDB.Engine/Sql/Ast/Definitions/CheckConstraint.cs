using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>[CONSTRAINT name] CHECK (condition) [[NOT] ENFORCED].</summary>
internal sealed record CheckConstraint(string? Name, ExpressionNode Condition, bool IsEnforced) : TableElement
{
    /// <summary>The condition as written, without its parentheses.</summary>
    public required string Text { get; init; }
}
