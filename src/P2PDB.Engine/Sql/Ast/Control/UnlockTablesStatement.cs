namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>UNLOCK TABLES; with <see cref="IsInstance"/> UNLOCK INSTANCE.</summary>
internal sealed record UnlockTablesStatement(bool IsInstance) : Statement;
