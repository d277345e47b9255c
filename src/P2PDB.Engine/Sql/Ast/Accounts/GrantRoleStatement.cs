namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>GRANT roles TO accounts [WITH ADMIN OPTION].</summary>
internal sealed record GrantRoleStatement(AccountName[] Roles, AccountName[] Accounts, bool WithAdminOption) : Statement;
