namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>ALTER DATABASE; without a name the current one.</summary>
internal sealed record AlterDatabaseStatement(string? Name, DatabaseOption Options) : Statement;
