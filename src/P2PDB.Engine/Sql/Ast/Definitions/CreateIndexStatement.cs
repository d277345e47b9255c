namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>CREATE INDEX.</summary>
/// <param name="Index">The index; it always has a name.</param>
/// <param name="Table">The table.</param>
/// <param name="Algorithm">ALGORITHM, upper case, or null.</param>
/// <param name="Lock">LOCK, upper case, or null.</param>
internal sealed record CreateIndexStatement(IndexDefinition Index, ObjectName Table, string? Algorithm, string? Lock) : Statement;
