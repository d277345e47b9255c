namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>A column, or inside a routine a parameter or local variable: the binder decides.</summary>
internal sealed record ColumnNode(string? Schema, string? Table, string Name) : ExpressionNode;
