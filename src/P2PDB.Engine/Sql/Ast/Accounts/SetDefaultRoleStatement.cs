namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>SET DEFAULT ROLE … TO accounts.</summary>
internal sealed record SetDefaultRoleStatement(RoleSelection Roles, AccountName[] Accounts) : Statement;
