namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>CREATE ROLE.</summary>
internal sealed record CreateRoleStatement(AccountName[] Roles, bool IfNotExists) : Statement;
