namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>value [NOT] BETWEEN low AND high.</summary>
internal sealed record BetweenNode(ExpressionNode Value, ExpressionNode Low, ExpressionNode High, bool IsNegated) : ExpressionNode;
