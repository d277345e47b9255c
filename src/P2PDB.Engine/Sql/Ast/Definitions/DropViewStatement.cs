namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>DROP VIEW.</summary>
internal sealed record DropViewStatement(ObjectName[] Names, bool IfExists) : Statement;
