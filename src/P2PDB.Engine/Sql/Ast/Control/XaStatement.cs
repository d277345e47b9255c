namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>XA START, END, PREPARE, COMMIT, ROLLBACK or RECOVER.</summary>
/// <param name="Verb">Upper case.</param>
/// <param name="GlobalId">The gtrid; empty for RECOVER.</param>
/// <param name="BranchId">The bqual; empty where not written.</param>
/// <param name="FormatId">The format; 1 where not written.</param>
/// <param name="Option">JOIN, RESUME, SUSPEND, SUSPEND FOR MIGRATE, ONE PHASE, CONVERT XID; or null.</param>
internal sealed record XaStatement(string Verb, byte[] GlobalId, byte[] BranchId, ulong FormatId, string? Option) : Statement;
