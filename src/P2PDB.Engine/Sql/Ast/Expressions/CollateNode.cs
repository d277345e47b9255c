namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>x COLLATE collation.</summary>
internal sealed record CollateNode(ExpressionNode Operand, string Collation) : ExpressionNode;
