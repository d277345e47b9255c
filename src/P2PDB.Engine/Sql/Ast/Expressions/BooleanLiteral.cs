namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>TRUE or FALSE.</summary>
internal sealed record BooleanLiteral(bool Value) : ExpressionNode;
