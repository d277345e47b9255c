namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>A character string: escapes resolved, adjacent parts joined, as the bytes that were sent.</summary>
/// <param name="Value">The string's bytes (UTF-8 unless an introducer says otherwise).</param>
/// <param name="CharacterSet">The introducer without its underscore (<c>_latin1'x'</c>), <c>utf8mb3</c> for N'x', or null.</param>
internal sealed record StringLiteral(byte[] Value, string? CharacterSet = null) : ExpressionNode;
