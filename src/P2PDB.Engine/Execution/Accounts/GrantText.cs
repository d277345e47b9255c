using System.Linq;
using P2PDB.Engine.Accounts;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>Writes grants as SHOW GRANTS does, in its words and order.</summary>
internal static class GrantText
{
    private const string WithGrantOption = " WITH GRANT OPTION";

    /// <summary>The statements that give an account what it has; privileges may be more than its own, roles are its own.</summary>
    public static List<string> Lines(AccountKey account, GrantSet grants, IReadOnlyList<RoleGrant> roles)
    {
        string to = $" TO {account.Ticked}";
        bool mayGrant = (grants.Global & PrivilegeSet.GrantOption) != 0;
        List<string> lines = [$"GRANT {Names(grants.Global, PrivilegeSet.None)} ON *.*{to}{(mayGrant ? WithGrantOption : "")}"];
        AddDynamic(lines, grants, to, mayGrant: false);
        AddDynamic(lines, grants, to, mayGrant: true);
        foreach (DatabaseGrant database in grants.Databases.OrderBy(one => one.Pattern, StringComparer.OrdinalIgnoreCase))
            lines.Add(Line(Names(database.Privileges, PrivilegeSet.OfDatabases), $"{AccountKey.Tick(database.Pattern)}.*", to, database.Privileges));
        IEnumerable<TableGrant> tables = grants.Tables.OrderBy(one => one.Schema, StringComparer.OrdinalIgnoreCase)
            .ThenBy(one => one.Name, StringComparer.OrdinalIgnoreCase);
        foreach (TableGrant table in tables)
            lines.Add(Line(Names(table), $"{AccountKey.Tick(table.Schema)}.{AccountKey.Tick(table.Name)}", to, table.Privileges));
        foreach (RoutineGrant routine in grants.Routines.OrderBy(one => one.IsFunction).ThenBy(one => one.Schema, StringComparer.OrdinalIgnoreCase))
        {
            string on = $"{(routine.IsFunction ? "FUNCTION" : "PROCEDURE")} {AccountKey.Tick(routine.Schema)}.{AccountKey.Tick(routine.Name)}";
            lines.Add(Line(Names(routine.Privileges, PrivilegeSet.None), on, to, routine.Privileges));
        }

        AddRoles(lines, roles.Where(role => !role.WithAdminOption), to, "");
        AddRoles(lines, roles.Where(role => role.WithAdminOption), to, " WITH ADMIN OPTION");
        return lines;
    }

    private static string Line(string privileges, string on, string to, PrivilegeSet held) =>
        $"GRANT {privileges} ON {on}{to}{((held & PrivilegeSet.GrantOption) != 0 ? WithGrantOption : "")}";

    private static string Names(PrivilegeSet held, PrivilegeSet all)
    {
        held &= ~PrivilegeSet.GrantOption;
        if (held == 0)
            return "USAGE";
        return all != 0 && (held | PrivilegeSet.GrantOption) == (all | PrivilegeSet.GrantOption)
            ? "ALL PRIVILEGES" : string.Join(", ", Privileges.NamesIn(held));
    }

    private static string Names(TableGrant table)
    {
        if (table.Columns.IsEmpty)
            return Names(table.Privileges, PrivilegeSet.OfTables);
        List<string> names = [];
        foreach (string name in Privileges.NamesIn(table.Privileges | table.OnAnyColumn))
        {
            Privileges.TryFind(name, out PrivilegeSet bit);
            string[] columns = [.. table.Columns.Where(column => (column.Privileges & bit) != 0).Select(column => AccountKey.Tick(column.Name))];
            names.Add((table.Privileges & bit) != 0 ? name : $"{name} ({string.Join(", ", columns)})");
        }

        return string.Join(", ", names);
    }

    private static void AddDynamic(List<string> lines, GrantSet grants, string to, bool mayGrant)
    {
        string names = string.Join(',', grants.Dynamic.Where(one => one.Value == mayGrant).Select(one => one.Key));
        if (names.Length > 0)
            lines.Add($"GRANT {names} ON *.*{to}{(mayGrant ? WithGrantOption : "")}");
    }

    private static void AddRoles(List<string> lines, IEnumerable<RoleGrant> roles, string to, string end)
    {
        string names = string.Join(',', roles.Select(role => role.Role).Order().Select(role => role.Ticked));
        if (names.Length > 0)
            lines.Add($"GRANT {names}{to}{end}");
    }
}
