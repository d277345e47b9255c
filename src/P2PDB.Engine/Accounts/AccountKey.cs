namespace P2PDB.Engine.Accounts;

/// <summary>What an account or role is called. Users differ by case, hosts do not: they are kept in lower case.</summary>
/// <param name="User">User name; empty for an anonymous account.</param>
/// <param name="Host">Host pattern.</param>
internal readonly record struct AccountKey(string User, string Host) : IComparable<AccountKey>
{
    /// <summary>Characters of a user name at most.</summary>
    public const int UserLengthMax = 32;

    /// <summary>Characters of a host pattern at most.</summary>
    public const int HostLengthMax = 255;

    /// <summary>As error texts and SHOW CREATE USER's headings have it: 'user'@'host'.</summary>
    public string Quoted => $"'{User}'@'{Host}'";

    /// <summary>As SHOW GRANTS has it: `user`@`host`.</summary>
    public string Ticked => $"{Tick(User)}@{Tick(Host)}";

    /// <summary>As CURRENT_USER() has it: user@host.</summary>
    public string Plain => $"{User}@{Host}";

    /// <summary>A name in backticks.</summary>
    public static string Tick(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <inheritdoc/>
    public int CompareTo(AccountKey other)
    {
        int order = string.CompareOrdinal(User, other.User);
        return order != 0 ? order : string.CompareOrdinal(Host, other.Host);
    }
}
