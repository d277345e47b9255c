using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>A column with an optional prefix length, or an expression; exactly one of the two is set.</summary>
internal sealed record KeyPart(string? Column, uint? Length, ExpressionNode? Expression, bool IsDescending);
