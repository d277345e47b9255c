namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>GRANT PROXY ON account TO accounts and REVOKE PROXY ON account FROM accounts.</summary>
internal sealed record ProxyStatement(AccountName Proxied, AccountName[] Accounts, bool IsRevoke, bool WithGrantOption) : Statement;
