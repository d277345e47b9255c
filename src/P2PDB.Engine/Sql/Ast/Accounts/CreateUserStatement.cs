namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>CREATE USER.</summary>
internal sealed record CreateUserStatement(AccountSpecification[] Accounts, bool IfNotExists) : Statement
{
    /// <summary>DEFAULT ROLE; empty where there is none.</summary>
    public AccountName[] DefaultRoles { get; init; } = [];

    /// <summary>The options in order.</summary>
    public AccountOption[] Options { get; init; } = [];
}
