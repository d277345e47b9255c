namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>IDENTIFIED [WITH plugin] BY password, AS hash, BY RANDOM PASSWORD.</summary>
internal sealed record AccountAuthentication(string? Plugin)
{
    /// <summary>BY: the password in clear, or null.</summary>
    public byte[]? Password { get; init; }

    /// <summary>AS: the stored form, or null.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>BY RANDOM PASSWORD.</summary>
    public bool IsRandom { get; init; }

    /// <summary>REPLACE: the current password, or null.</summary>
    public byte[]? Current { get; init; }

    /// <summary>RETAIN CURRENT PASSWORD.</summary>
    public bool RetainsCurrent { get; init; }

    /// <summary>DISCARD OLD PASSWORD (nothing else is set then).</summary>
    public bool DiscardsOld { get; init; }
}
