namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>DEFAULT as a value (no column) or DEFAULT(column).</summary>
internal sealed record DefaultNode(ColumnNode? Column) : ExpressionNode;
