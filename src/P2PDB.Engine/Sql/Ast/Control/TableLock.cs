namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>One table of LOCK TABLES.</summary>
internal sealed record TableLock(ObjectName Name, string? Alias, bool IsWrite, bool IsLocal);
