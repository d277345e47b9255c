namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>value [NOT] REGEXP pattern; RLIKE is the same.</summary>
internal sealed record RegexpNode(ExpressionNode Value, ExpressionNode Pattern, bool IsNegated) : ExpressionNode;
