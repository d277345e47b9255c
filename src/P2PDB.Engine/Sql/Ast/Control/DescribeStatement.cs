namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>DESCRIBE table [column | 'pattern'] (DESC and EXPLAIN are the same).</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">A column's name or a pattern, or null.</param>
internal sealed record DescribeStatement(ObjectName Table, string? Column) : Statement;
