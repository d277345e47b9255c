namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>REVOKE roles FROM accounts.</summary>
internal sealed record RevokeRoleStatement(AccountName[] Roles, AccountName[] Accounts, bool IfExists, bool IgnoresUnknownUser) : Statement;
