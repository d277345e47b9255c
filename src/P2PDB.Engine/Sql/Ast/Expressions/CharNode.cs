namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>CHAR(codes [USING character set]).</summary>
internal sealed record CharNode(ExpressionNode[] Codes, string? CharacterSet) : ExpressionNode;
