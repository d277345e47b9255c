namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>GRANT privileges ON target TO accounts.</summary>
internal sealed record GrantStatement(Privilege[] Privileges, PrivilegeTarget Target, AccountSpecification[] Accounts) : Statement
{
    /// <summary>WITH GRANT OPTION.</summary>
    public bool WithGrantOption { get; init; }

    /// <summary>AS account, or null.</summary>
    public AccountName? As { get; init; }

    /// <summary>WITH ROLE behind AS, or null.</summary>
    public RoleSelection? AsRoles { get; init; }
}
