namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>An exact number with a fraction, or an integer over 64 bits; digits as written, at most one point.</summary>
internal sealed record DecimalLiteral(string Digits) : ExpressionNode;
