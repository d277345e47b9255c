namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>NULL or \N.</summary>
internal sealed record NullLiteral : ExpressionNode;
