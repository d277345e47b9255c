namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>REVOKE privileges ON target FROM accounts; REVOKE ALL, GRANT OPTION FROM has no target.</summary>
internal sealed record RevokeStatement(Privilege[] Privileges, PrivilegeTarget? Target, AccountName[] Accounts) : Statement
{
    /// <summary>IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <summary>IGNORE UNKNOWN USER.</summary>
    public bool IgnoresUnknownUser { get; init; }
}
