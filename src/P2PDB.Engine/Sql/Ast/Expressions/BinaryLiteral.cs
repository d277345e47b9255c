namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>x'…', 0x…, b'…' or 0b…, as big-endian bytes.</summary>
/// <param name="Value">The bytes; leading zeros as written.</param>
/// <param name="IsBits">True for the two bit forms, which print and convert to numbers differently.</param>
/// <param name="CharacterSet">The introducer without its underscore, or null.</param>
internal sealed record BinaryLiteral(byte[] Value, bool IsBits, string? CharacterSet = null) : ExpressionNode;
