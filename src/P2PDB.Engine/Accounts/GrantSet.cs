using System.Collections.Immutable;

namespace P2PDB.Engine.Accounts;

/// <summary>What an account or role was granted itself, without what its roles bring.</summary>
internal sealed record GrantSet
{
    /// <summary>Nothing.</summary>
    public static GrantSet Empty { get; } = new();

    /// <summary>All there is, with the right to pass it on.</summary>
    public static GrantSet Everything { get; } = new()
    {
        Global = PrivilegeSet.All,
        Dynamic = Privileges.Dynamic.ToImmutableSortedDictionary(name => name, _ => true, StringComparer.Ordinal),
    };

    /// <summary>On everything.</summary>
    public PrivilegeSet Global { get; init; }

    /// <summary>Dynamic privileges, and whether they may be passed on.</summary>
    public ImmutableSortedDictionary<string, bool> Dynamic { get; init; } = ImmutableSortedDictionary.Create<string, bool>(StringComparer.Ordinal);

    /// <summary>On databases.</summary>
    public ImmutableArray<DatabaseGrant> Databases { get; init; } = [];

    /// <summary>On tables and columns.</summary>
    public ImmutableArray<TableGrant> Tables { get; init; } = [];

    /// <summary>On routines.</summary>
    public ImmutableArray<RoutineGrant> Routines { get; init; } = [];

    /// <summary>Roles.</summary>
    public ImmutableArray<RoleGrant> Roles { get; init; } = [];

    /// <summary>The privileges on a database by name: those of the most specific pattern that it fits, and the global ones.</summary>
    public PrivilegeSet OnDatabase(string name)
    {
        DatabaseGrant? best = null;
        foreach (DatabaseGrant grant in Databases)
        {
            if (grant.Matches(name) && (best is null || grant.Rank < best.Rank))
                best = grant;
        }

        return Global | (best?.Privileges ?? PrivilegeSet.None);
    }

    /// <summary>The grant on a table, or null.</summary>
    public TableGrant? FindTable(string schema, string name)
    {
        foreach (TableGrant grant in Tables)
        {
            if (grant.Schema.Equals(schema, StringComparison.OrdinalIgnoreCase) && grant.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return grant;
        }

        return null;
    }

    /// <summary>The grant on a routine, or null.</summary>
    public RoutineGrant? FindRoutine(string schema, string name, bool isFunction)
    {
        foreach (RoutineGrant grant in Routines)
        {
            if (grant.IsFunction == isFunction && grant.Schema.Equals(schema, StringComparison.OrdinalIgnoreCase)
                && grant.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return grant;
            }
        }

        return null;
    }

    /// <summary>The grant of a role, or null.</summary>
    public RoleGrant? FindRole(AccountKey role)
    {
        foreach (RoleGrant grant in Roles)
        {
            if (grant.Role == role)
                return grant;
        }

        return null;
    }
}

/// <summary>Privileges on databases of a name or a pattern with % and _.</summary>
internal sealed record DatabaseGrant(string Pattern, PrivilegeSet Privileges)
{
    /// <summary>Smaller for a more specific pattern.</summary>
    public int Rank
    {
        get
        {
            int wildcard = Pattern.AsSpan().IndexOfAny('%', '_', '\\');
            return wildcard < 0 ? 0 : 1_000 - wildcard;
        }
    }

    /// <summary>True for a database of that name.</summary>
    public bool Matches(string name) => HostPattern.Like(Pattern, name, canEscape: true);
}

/// <summary>Privileges on a table and on some of its columns.</summary>
internal sealed record TableGrant(string Schema, string Name, PrivilegeSet Privileges, ImmutableArray<ColumnGrant> Columns)
{
    /// <summary>What is granted on some column or other.</summary>
    public PrivilegeSet OnAnyColumn
    {
        get
        {
            PrivilegeSet all = PrivilegeSet.None;
            foreach (ColumnGrant column in Columns)
                all |= column.Privileges;
            return all;
        }
    }

    /// <summary>What is granted on a column by itself.</summary>
    public PrivilegeSet OnColumn(string name)
    {
        foreach (ColumnGrant column in Columns)
        {
            if (column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return column.Privileges;
        }

        return PrivilegeSet.None;
    }
}

/// <summary>Privileges on one column.</summary>
internal sealed record ColumnGrant(string Name, PrivilegeSet Privileges);

/// <summary>Privileges on a stored procedure or function.</summary>
internal sealed record RoutineGrant(string Schema, string Name, bool IsFunction, PrivilegeSet Privileges);

/// <summary>A role, and whether it may be passed on.</summary>
internal sealed record RoleGrant(AccountKey Role, bool WithAdminOption);
