namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>value IS [NOT] NULL, TRUE, FALSE or UNKNOWN.</summary>
internal sealed record IsNode(ExpressionNode Value, TruthTest Test, bool IsNegated) : ExpressionNode;
