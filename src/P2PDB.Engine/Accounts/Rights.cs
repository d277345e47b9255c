using System.Collections.Immutable;
using System.Linq;

namespace P2PDB.Engine.Accounts;

/// <summary>
/// What one account with some of its roles may do, by one set of accounts. Never changes: a plan that was made under it need not be checked
/// again as long as the session has the very same object.
/// </summary>
internal sealed class Rights
{
    /// <summary>Those of the program that the engine runs in, and of the engine itself.</summary>
    public static readonly Rights Unlimited = new(AccountSet.Empty, new AccountKey("root", "%"), [GrantSet.Everything], []);

    private readonly GrantSet[] _grants;

    private Rights(AccountSet accounts, AccountKey account, GrantSet[] grants, ImmutableArray<AccountKey> roles)
    {
        Accounts = accounts;
        Account = account;
        _grants = grants;
        ActiveRoles = roles;
        foreach (GrantSet one in grants)
            Global |= one.Global;
        IsUnlimited = (PrivilegeSet.OfDatabases & ~PrivilegeSet.GrantOption & ~Global) == 0;
    }

    /// <summary>The set that they are of.</summary>
    public AccountSet Accounts { get; }

    /// <summary>The account.</summary>
    public AccountKey Account { get; }

    /// <summary>The roles that are active, as they were named: those that they bring are not among them.</summary>
    public ImmutableArray<AccountKey> ActiveRoles { get; }

    /// <summary>What holds everywhere.</summary>
    public PrivilegeSet Global { get; }

    /// <summary>True where no database, table or routine is out of reach.</summary>
    public bool IsUnlimited { get; }

    /// <summary>What the account and its active roles were granted, those that roles bring too.</summary>
    public IReadOnlyList<GrantSet> Grants => _grants;

    /// <summary>The rights of an account with some roles active; none at all for an account that is not there.</summary>
    public static Rights Of(AccountSet accounts, AccountKey account, ImmutableArray<AccountKey> roles)
    {
        List<GrantSet> grants = [];
        HashSet<AccountKey> seen = [];
        if (accounts.Find(account) is { } known)
        {
            grants.Add(known.Grants);
            foreach (AccountKey role in roles)
                Collect(accounts, role, grants, seen);
        }

        return new Rights(accounts, account, [.. grants], roles);
    }

    /// <summary>True for an account or role that has SYSTEM_USER, or has a role with it, active or not.</summary>
    public static bool IsSystemUser(AccountSet accounts, StoredAccount account)
    {
        ImmutableArray<AccountKey> roles = [.. account.Grants.Roles.Select(grant => grant.Role)];
        return Of(accounts, account.Key, roles).HasDynamic(Privileges.SystemUser);
    }

    /// <summary>True for a dynamic privilege that is held.</summary>
    public bool HasDynamic(string name) => Array.Exists(_grants, grant => grant.Dynamic.ContainsKey(name));

    /// <summary>True for a dynamic privilege that may be passed on.</summary>
    public bool MayGrantDynamic(string name) => Array.Exists(_grants, grant => grant.Dynamic.TryGetValue(name, out bool mayGrant) && mayGrant);

    /// <summary>What is held on a database as a whole.</summary>
    public PrivilegeSet OnDatabase(string name)
    {
        PrivilegeSet all = Global;
        foreach (GrantSet grant in _grants)
            all |= grant.OnDatabase(name);
        return all;
    }

    /// <summary>What is held on a database, or on a pattern of exactly that text.</summary>
    public PrivilegeSet OnPattern(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('%', '_') < 0)
            return OnDatabase(pattern);
        PrivilegeSet all = Global;
        foreach (GrantSet grant in _grants)
            all |= GrantEdit.OfDatabase(grant, pattern);
        return all;
    }

    /// <summary>What is held on a table as a whole.</summary>
    public PrivilegeSet OnTable(string schema, string name)
    {
        PrivilegeSet all = OnDatabase(schema);
        foreach (GrantSet grant in _grants)
            all |= grant.FindTable(schema, name)?.Privileges ?? PrivilegeSet.None;
        return all;
    }

    /// <summary>What is held on a table, or on some of its columns.</summary>
    public PrivilegeSet OnTableOrColumns(string schema, string name)
    {
        PrivilegeSet all = OnTable(schema, name);
        foreach (GrantSet grant in _grants)
            all |= grant.FindTable(schema, name)?.OnAnyColumn ?? PrivilegeSet.None;
        return all;
    }

    /// <summary>What is held on a column.</summary>
    public PrivilegeSet OnColumn(string schema, string table, string column)
    {
        PrivilegeSet all = OnTable(schema, table);
        foreach (GrantSet grant in _grants)
            all |= grant.FindTable(schema, table)?.OnColumn(column) ?? PrivilegeSet.None;
        return all;
    }

    /// <summary>What is held on a routine.</summary>
    public PrivilegeSet OnRoutine(string schema, string name, bool isFunction)
    {
        PrivilegeSet all = OnDatabase(schema);
        foreach (GrantSet grant in _grants)
            all |= grant.FindRoutine(schema, name, isFunction)?.Privileges ?? PrivilegeSet.None;
        return all;
    }

    /// <summary>True where a database shows in SHOW DATABASES: something is held in it, or SHOW DATABASES.</summary>
    public bool Sees(string database) => (Global & PrivilegeSet.ShowDatabases) != 0 || HoldsIn(database);

    /// <summary>True where something is held in a database.</summary>
    public bool HoldsIn(string database)
    {
        if ((OnDatabase(database) & PrivilegeSet.OfDatabases & ~PrivilegeSet.GrantOption) != 0)
            return true;
        foreach (GrantSet grant in _grants)
        {
            foreach (TableGrant table in grant.Tables)
            {
                if (table.Schema.Equals(database, StringComparison.OrdinalIgnoreCase))
                    return true;
            }

            foreach (RoutineGrant routine in grant.Routines)
            {
                if (routine.Schema.Equals(database, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    /// <summary>True where a table shows: something is held on it or on a column of it.</summary>
    public bool SeesTable(string schema, string name) =>
        (OnTableOrColumns(schema, name) & PrivilegeSet.OfTables & ~PrivilegeSet.GrantOption) != 0;

    /// <summary>True for a role that the account has, by itself or through its active roles, with the right to pass it on.</summary>
    public bool MayGrantRole(AccountKey role) => Array.Exists(_grants, grant => grant.FindRole(role) is { WithAdminOption: true });

    private static void Collect(AccountSet accounts, AccountKey role, List<GrantSet> grants, HashSet<AccountKey> seen)
    {
        if (!seen.Add(role) || accounts.Find(role) is not { } known)
            return;
        grants.Add(known.Grants);
        foreach (RoleGrant inner in known.Grants.Roles)
            Collect(accounts, inner.Role, grants, seen);
    }
}
