namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>ON [TABLE | FUNCTION | PROCEDURE] *, *.*, db.*, table or db.table. A star is a null.</summary>
/// <param name="Kind">What the name names.</param>
/// <param name="Schema">The database; null for the current one (Name set or IsCurrentSchema) or all.</param>
/// <param name="Name">The object, or null for all.</param>
/// <param name="IsCurrentSchema">True for a lone * and for a name without database.</param>
internal sealed record PrivilegeTarget(PrivilegeTargetKind Kind, string? Schema, string? Name, bool IsCurrentSchema);
