namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>MATCH (columns) AGAINST (pattern mode).</summary>
internal sealed record MatchNode(ColumnNode[] Columns, ExpressionNode Pattern, MatchMode Mode) : ExpressionNode;
