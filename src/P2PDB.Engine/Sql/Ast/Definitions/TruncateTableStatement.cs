namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>TRUNCATE [TABLE] name.</summary>
internal sealed record TruncateTableStatement(ObjectName Name) : Statement;
