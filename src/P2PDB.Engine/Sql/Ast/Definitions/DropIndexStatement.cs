namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>DROP INDEX name ON table; `PRIMARY` is the primary key.</summary>
internal sealed record DropIndexStatement(string Name, ObjectName Table, string? Algorithm, string? Lock) : Statement;
