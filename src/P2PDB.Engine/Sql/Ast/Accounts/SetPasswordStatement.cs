namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>SET PASSWORD [FOR account] = 'x'.</summary>
internal sealed record SetPasswordStatement(AccountName? Account, AccountAuthentication Password) : Statement;
