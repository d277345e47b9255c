using P2PDB.Engine.Types;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>START TRANSACTION and BEGIN.</summary>
/// <param name="IsReadOnly">READ ONLY (true), READ WRITE (false), or neither (null).</param>
/// <param name="WithConsistentSnapshot">WITH CONSISTENT SNAPSHOT.</param>
internal sealed record StartTransactionStatement(bool? IsReadOnly, bool WithConsistentSnapshot) : Statement;

/// <summary>COMMIT; Chain and Release are null where not written.</summary>
internal sealed record CommitStatement(bool? Chain, bool? Release) : Statement;

/// <summary>ROLLBACK; Chain and Release are null where not written.</summary>
internal sealed record RollbackStatement(bool? Chain, bool? Release) : Statement;

/// <summary>SAVEPOINT name.</summary>
internal sealed record SavepointStatement(string Name) : Statement;

/// <summary>ROLLBACK TO [SAVEPOINT] name.</summary>
internal sealed record RollbackToSavepointStatement(string Name) : Statement;

/// <summary>RELEASE SAVEPOINT name.</summary>
internal sealed record ReleaseSavepointStatement(string Name) : Statement;

/// <summary>SET [SESSION | GLOBAL] TRANSACTION; without a scope it is for the next transaction only.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Isolation">The level, or null.</param>
/// <param name="IsReadOnly">READ ONLY (true), READ WRITE (false), or null.</param>
internal sealed record SetTransactionStatement(VariableScope Scope, IsolationLevel? Isolation, bool? IsReadOnly) : Statement;
