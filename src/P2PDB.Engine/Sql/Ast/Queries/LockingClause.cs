namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>FOR UPDATE or FOR SHARE [OF tables] [NOWAIT | SKIP LOCKED]; LOCK IN SHARE MODE is FOR SHARE.</summary>
internal sealed record LockingClause(bool IsExclusive, string[] Tables, LockWait Wait);
