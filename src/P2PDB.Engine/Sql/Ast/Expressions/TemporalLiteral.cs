namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>DATE '…', TIME '…', TIMESTAMP '…' or the ODBC forms {d '…'}, {t '…'}, {ts '…'}; the text is not checked yet.</summary>
internal sealed record TemporalLiteral(TemporalLiteralKind Kind, byte[] Text) : ExpressionNode;
