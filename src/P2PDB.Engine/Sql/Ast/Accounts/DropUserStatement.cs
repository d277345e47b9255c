namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>DROP USER or DROP ROLE.</summary>
internal sealed record DropUserStatement(AccountName[] Accounts, bool IfExists, bool IsRole) : Statement;
