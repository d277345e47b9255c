namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>DROP DATABASE or SCHEMA.</summary>
internal sealed record DropDatabaseStatement(string Name, bool IfExists) : Statement;
