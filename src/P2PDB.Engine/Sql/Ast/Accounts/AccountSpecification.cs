namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>An account and how it proves itself (the first factor; further factors are refused by the parser).</summary>
internal sealed record AccountSpecification(AccountName Account, AccountAuthentication? Authentication);
