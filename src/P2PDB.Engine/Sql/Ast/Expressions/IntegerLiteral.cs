namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>An unsigned integer that fits 64 bits; the sign is an operator. Longer ones are <see cref="DecimalLiteral"/>s.</summary>
/// <param name="Value">The value.</param>
/// <param name="DigitCount">Digits as written, which is the display width of the column <c>SELECT 007</c>.</param>
internal sealed record IntegerLiteral(ulong Value, int DigitCount) : ExpressionNode;
