using P2PDB.Engine.Sql.Ast.Definitions;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>CAST(x AS type [ARRAY]) and CONVERT(x, type). SIGNED and UNSIGNED are BIGINT types; CHAR may name a character set.</summary>
internal sealed record CastNode(ExpressionNode Operand, DataTypeNode Type, bool IsArray, ExpressionNode? AtTimeZone = null) : ExpressionNode;
