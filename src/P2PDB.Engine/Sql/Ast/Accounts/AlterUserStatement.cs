namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>ALTER USER.</summary>
internal sealed record AlterUserStatement(AccountSpecification[] Accounts, bool IfExists) : Statement
{
    /// <summary>DEFAULT ROLE, or null where not written.</summary>
    public RoleSelection? DefaultRole { get; init; }

    /// <summary>The options in order.</summary>
    public AccountOption[] Options { get; init; } = [];
}
