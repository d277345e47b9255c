namespace P2PDB.Engine.Sql.Ast;

/// <summary>A table, view, routine, trigger or event name, with its database where one was written.</summary>
internal sealed record ObjectName(string? Schema, string Name);
