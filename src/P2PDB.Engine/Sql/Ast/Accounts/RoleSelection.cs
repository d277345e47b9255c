namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>Which roles: NONE, ALL [EXCEPT roles], DEFAULT, or the roles named.</summary>
internal sealed record RoleSelection(RoleSelectionKind Kind, AccountName[] Roles);
