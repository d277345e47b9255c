namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>An approximate number (written with an exponent) and the text it was written with.</summary>
internal sealed record FloatLiteral(double Value, string Text) : ExpressionNode;
