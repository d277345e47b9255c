namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>LOCK TABLES.</summary>
internal sealed record LockTablesStatement(TableLock[] Locks) : Statement;
