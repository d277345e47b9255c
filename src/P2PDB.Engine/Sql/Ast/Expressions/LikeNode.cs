namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>value [NOT] LIKE pattern [ESCAPE escape].</summary>
internal sealed record LikeNode(ExpressionNode Value, ExpressionNode Pattern, ExpressionNode? Escape, bool IsNegated) : ExpressionNode;
