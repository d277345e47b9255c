namespace P2PDB.Engine.Sql;

/// <summary>A literal or ? that a fingerprint took out of a statement: slot <c>i</c> of the plan takes the value of literal <c>i</c>.</summary>
/// <param name="Kind">Integer, Decimal, Float, String or Parameter.</param>
/// <param name="NeedsDecoding">True where a string holds an escape or a doubled quote: see <see cref="LiteralDecoder.Unquote"/>.</param>
/// <param name="Start">Byte offset in the text; the literal's node in the tree has the same <c>Position</c>.</param>
/// <param name="Length">Length in bytes, quotes included.</param>
internal readonly record struct LiftedLiteral(TokenKind Kind, bool NeedsDecoding, int Start, int Length);
