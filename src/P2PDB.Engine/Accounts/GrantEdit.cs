using System.Collections.Immutable;
using System.Linq;

namespace P2PDB.Engine.Accounts;

/// <summary>Adds privileges to what was granted, and takes them away; what has none left is gone.</summary>
internal static class GrantEdit
{
    /// <summary>The grants with others on everything, the dynamic ones with or without the right to pass them on.</summary>
    public static GrantSet AddGlobal(GrantSet grants, PrivilegeSet privileges, IEnumerable<string> dynamic, bool withGrantOption) => grants with
    {
        Global = grants.Global | privileges,
        Dynamic = grants.Dynamic.SetItems(dynamic.Select(name =>
            KeyValuePair.Create(name, withGrantOption || grants.Dynamic.GetValueOrDefault(name)))),
    };

    /// <summary>The grants without some on everything.</summary>
    public static GrantSet RemoveGlobal(GrantSet grants, PrivilegeSet privileges, IEnumerable<string> dynamic, bool allowsGrantOption) => grants with
    {
        Global = grants.Global & ~privileges,
        Dynamic = allowsGrantOption
            ? grants.Dynamic.RemoveRange(dynamic)
            : grants.Dynamic.RemoveRange(dynamic).ToImmutableSortedDictionary(one => one.Key, _ => false, StringComparer.Ordinal),
    };

    /// <summary>The grants with those on a database replaced.</summary>
    public static GrantSet SetDatabase(GrantSet grants, string pattern, PrivilegeSet privileges) => grants with
    {
        Databases = Replace(grants.Databases, one => Same(one.Pattern, pattern), privileges == 0 ? null : new DatabaseGrant(pattern, privileges)),
    };

    /// <summary>What is granted on a database or pattern of exactly that name.</summary>
    public static PrivilegeSet OfDatabase(GrantSet grants, string pattern) =>
        grants.Databases.FirstOrDefault(one => Same(one.Pattern, pattern))?.Privileges ?? PrivilegeSet.None;

    /// <summary>The grants with those on a table replaced; one without any privilege goes.</summary>
    public static GrantSet SetTable(GrantSet grants, TableGrant table)
    {
        ImmutableArray<ColumnGrant> columns = [.. table.Columns.Where(column => column.Privileges != 0)];
        bool isEmpty = table.Privileges == 0 && columns.IsEmpty;
        return grants with
        {
            Tables = Replace(grants.Tables, one => Same(one.Schema, table.Schema) && Same(one.Name, table.Name),
                isEmpty ? null : table with { Columns = columns }),
        };
    }

    /// <summary>A table's grant with privileges on a column added or taken away.</summary>
    public static TableGrant EditColumn(TableGrant table, string column, PrivilegeSet added, PrivilegeSet removed)
    {
        PrivilegeSet now = (table.OnColumn(column) | added) & ~removed;
        return table with { Columns = Replace(table.Columns, one => Same(one.Name, column), new ColumnGrant(column, now)) };
    }

    /// <summary>The grants with those on a routine replaced.</summary>
    public static GrantSet SetRoutine(GrantSet grants, RoutineGrant routine) => grants with
    {
        Routines = Replace(
            grants.Routines, one => one.IsFunction == routine.IsFunction && Same(one.Schema, routine.Schema) && Same(one.Name, routine.Name),
            routine.Privileges == 0 ? null : routine),
    };

    /// <summary>The grants with a role.</summary>
    public static GrantSet AddRole(GrantSet grants, AccountKey role, bool withAdmin)
    {
        bool isAdmin = withAdmin || grants.FindRole(role) is { WithAdminOption: true };
        return grants with { Roles = Replace(grants.Roles, one => one.Role == role, new RoleGrant(role, isAdmin)) };
    }

    /// <summary>The grants without a role.</summary>
    public static GrantSet RemoveRole(GrantSet grants, AccountKey role) =>
        grants with { Roles = Replace(grants.Roles, one => one.Role == role, null) };

    /// <summary>The grants of several together, roles aside: what an account holds that has them all.</summary>
    public static GrantSet Union(IEnumerable<GrantSet> sets)
    {
        GrantSet all = GrantSet.Empty;
        foreach (GrantSet one in sets)
        {
            all = AddGlobal(all, one.Global, [], false);
            all = all with
            {
                Dynamic = all.Dynamic.SetItems(one.Dynamic.Select(pair =>
                    KeyValuePair.Create(pair.Key, pair.Value || all.Dynamic.GetValueOrDefault(pair.Key)))),
            };
            foreach (DatabaseGrant database in one.Databases)
                all = SetDatabase(all, database.Pattern, OfDatabase(all, database.Pattern) | database.Privileges);
            foreach (TableGrant table in one.Tables)
            {
                TableGrant known = all.FindTable(table.Schema, table.Name) ?? table;
                known = known with { Privileges = known.Privileges | table.Privileges };
                foreach (ColumnGrant column in table.Columns)
                    known = EditColumn(known, column.Name, column.Privileges, PrivilegeSet.None);
                all = SetTable(all, known);
            }

            foreach (RoutineGrant routine in one.Routines)
            {
                PrivilegeSet known = all.FindRoutine(routine.Schema, routine.Name, routine.IsFunction)?.Privileges ?? PrivilegeSet.None;
                all = SetRoutine(all, routine with { Privileges = known | routine.Privileges });
            }
        }

        return all;
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<T> Replace<T>(ImmutableArray<T> list, Func<T, bool> isMeant, T? replacement)
        where T : class
    {
        for (int i = 0; i < list.Length; i++)
        {
            if (isMeant(list[i]))
                return replacement is null ? list.RemoveAt(i) : list.SetItem(i, replacement);
        }

        return replacement is null ? list : list.Add(replacement);
    }
}
