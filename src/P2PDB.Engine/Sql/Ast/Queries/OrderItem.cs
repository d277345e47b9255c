using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>One item of ORDER BY; a plain integer is an ordinal, for the binder to see.</summary>
internal sealed record OrderItem(ExpressionNode Expression, bool IsDescending);
