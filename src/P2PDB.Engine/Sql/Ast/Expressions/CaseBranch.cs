namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>WHEN condition THEN result.</summary>
internal sealed record CaseBranch(ExpressionNode Condition, ExpressionNode Result);
