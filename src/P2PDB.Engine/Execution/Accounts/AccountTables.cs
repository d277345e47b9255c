using System.Globalization;
using System.Linq;
using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Virtual;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>
/// The tables that show accounts, grants and roles: those of the schema mysql to who has a privilege on them, those of information_schema to
/// everybody, who sees their own account there and, with SELECT on mysql, all.
/// </summary>
internal static class AccountTables
{
    private static readonly string[] StaticNames = [.. Privileges.NamesIn(PrivilegeSet.All)];

    /// <summary>Registers them.</summary>
    public static void Register(VirtualTables tables)
    {
        AddMySql(tables);
        Add(tables, "USER_PRIVILEGES", "GRANTEE TABLE_CATALOG PRIVILEGE_TYPE IS_GRANTABLE", (context, rows) => Each(context, account =>
        {
            AddStatic(rows, account.Grants.Global, (name, mayGrant) => [account.Key.Quoted, "def", name, mayGrant]);
            foreach ((string name, bool mayGrant) in account.Grants.Dynamic)
                rows.Add(account.Key.Quoted, "def", name, mayGrant ? "YES" : "NO");
        }));
        Add(tables, "SCHEMA_PRIVILEGES", "GRANTEE TABLE_CATALOG TABLE_SCHEMA PRIVILEGE_TYPE IS_GRANTABLE", (context, rows) => Each(context, account =>
        {
            foreach (DatabaseGrant one in account.Grants.Databases)
                AddStatic(rows, one.Privileges, (name, mayGrant) => [account.Key.Quoted, "def", one.Pattern, name, mayGrant]);
        }));
        Add(tables, "TABLE_PRIVILEGES", "GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE",
            (context, rows) => Each(context, account =>
        {
            foreach (TableGrant one in account.Grants.Tables.Where(table => table.Privileges != 0))
                AddStatic(rows, one.Privileges, (name, mayGrant) => [account.Key.Quoted, "def", one.Schema, one.Name, name, mayGrant]);
        }));
        Add(tables, "COLUMN_PRIVILEGES", "GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME PRIVILEGE_TYPE IS_GRANTABLE",
            (context, rows) => Each(context, account =>
        {
            foreach (TableGrant one in account.Grants.Tables)
            {
                string mayGrant = (one.Privileges & PrivilegeSet.GrantOption) != 0 ? "YES" : "NO";
                foreach (ColumnGrant column in one.Columns)
                {
                    foreach (string name in Privileges.NamesIn(column.Privileges))
                        rows.Add(account.Key.Quoted, "def", one.Schema, one.Name, column.Name, name, mayGrant);
                }
            }
        }));
        Add(tables, "ENABLED_ROLES", "ROLE_NAME ROLE_HOST IS_DEFAULT IS_MANDATORY", (context, rows) =>
        {
            foreach (AccountKey role in context.Session.Rights.ActiveRoles)
                rows.Add(role.User, role.Host, YesNo(IsDefault(context, role)), YesNo(context.Session.Rights.Accounts.MandatoryRoles.Contains(role)));
        });
        Add(tables, "APPLICABLE_ROLES", "USER HOST GRANTEE GRANTEE_HOST ROLE_NAME ROLE_HOST IS_GRANTABLE IS_DEFAULT IS_MANDATORY", AddApplicable);
        Add(tables, "ADMINISTRABLE_ROLE_AUTHORIZATIONS",
            "USER HOST GRANTEE GRANTEE_HOST ROLE_NAME ROLE_HOST IS_GRANTABLE IS_DEFAULT IS_MANDATORY", (_, _) => { });
        Add(tables, "USER_ATTRIBUTES", "USER HOST *ATTRIBUTE", (context, rows) => Each(context, account =>
            rows.Add(account.Key.User, account.Key.Host, account.Attributes.Length == 0 ? null : account.Attributes)));
    }

    private static void AddMySql(VirtualTables tables)
    {
        string[] userColumns =
        [
            "Host", "User", .. StaticNames.Select(ColumnOf), "Grant_priv", "ssl_type", "ssl_cipher", "x509_issuer", "x509_subject", "#max_questions",
            "#max_updates", "#max_connections", "#max_user_connections", "plugin", "*authentication_string", "password_expired",
            "password_last_changed", "#password_lifetime", "account_locked", "#Password_reuse_history", "#Password_reuse_time",
            "Password_require_current", "*User_attributes",
        ];
        tables.Add(new ListedTable("mysql", "user", InformationSchema.ColumnsOf(string.Join(' ', userColumns)), (context, rows) =>
        {
            foreach (StoredAccount account in context.Node.Accounts.Current.ByKey.Values)
                rows.Add(UserRow(account));
        }));
        string databaseColumns = "Host Db User " + string.Join(' ', Privileges.NamesIn(PrivilegeSet.OfDatabases).Append("Grant").Select(ColumnOf));
        AddMySql(tables, "db", databaseColumns, (account, rows) =>
        {
            foreach (DatabaseGrant one in account.Grants.Databases)
            {
                IEnumerable<string> held = Privileges.NamesIn(PrivilegeSet.OfDatabases).Select(name => Has(one.Privileges, name));
                rows.Add([account.Key.Host, one.Pattern, account.Key.User, .. held, Has(one.Privileges, "GRANT OPTION")]);
            }
        });
        AddMySql(tables, "tables_priv", "Host Db User Table_name Grantor Timestamp Table_priv Column_priv", (account, rows) =>
        {
            foreach (TableGrant one in account.Grants.Tables)
                rows.Add(account.Key.Host, one.Schema, account.Key.User, one.Name, "", null, Set(one.Privileges), Set(one.OnAnyColumn));
        });
        AddMySql(tables, "columns_priv", "Host Db User Table_name Column_name Timestamp Column_priv", (account, rows) =>
        {
            foreach (TableGrant one in account.Grants.Tables)
            {
                foreach (ColumnGrant column in one.Columns)
                    rows.Add(account.Key.Host, one.Schema, account.Key.User, one.Name, column.Name, null, Set(column.Privileges));
            }
        });
        AddMySql(tables, "procs_priv", "Host Db User Routine_name Routine_type Grantor Proc_priv Timestamp", (account, rows) =>
        {
            foreach (RoutineGrant one in account.Grants.Routines)
            {
                string kind = one.IsFunction ? "FUNCTION" : "PROCEDURE";
                rows.Add(account.Key.Host, one.Schema, account.Key.User, one.Name, kind, "", Set(one.Privileges), null);
            }
        });
        AddMySql(tables, "role_edges", "FROM_HOST FROM_USER TO_HOST TO_USER WITH_ADMIN_OPTION", (account, rows) =>
        {
            foreach (RoleGrant one in account.Grants.Roles)
                rows.Add(one.Role.Host, one.Role.User, account.Key.Host, account.Key.User, one.WithAdminOption ? "Y" : "N");
        });
        AddMySql(tables, "default_roles", "HOST USER DEFAULT_ROLE_HOST DEFAULT_ROLE_USER", (account, rows) =>
        {
            foreach (AccountKey role in account.DefaultRoles)
                rows.Add(account.Key.Host, account.Key.User, role.Host, role.User);
        });
        AddMySql(tables, "global_grants", "USER HOST PRIV WITH_GRANT_OPTION", (account, rows) =>
        {
            foreach ((string name, bool mayGrant) in account.Grants.Dynamic)
                rows.Add(account.Key.User, account.Key.Host, name, mayGrant ? "Y" : "N");
        });
    }

    private static void AddMySql(VirtualTables tables, string name, string columns, Action<StoredAccount, VirtualRows> fill) =>
        tables.Add(new ListedTable("mysql", name, InformationSchema.ColumnsOf(columns), (context, rows) =>
        {
            foreach (StoredAccount account in context.Node.Accounts.Current.ByKey.Values)
                fill(account, rows);
        }));

    private static void Add(VirtualTables tables, string name, string columns, Action<StatementContext, VirtualRows> fill) =>
        InformationSchema.Add(tables, name, columns, fill);

    private static void Each(StatementContext context, Action<StoredAccount> add)
    {
        bool seesAll = (context.Session.Rights.OnDatabase("mysql") & PrivilegeSet.Select) != 0;
        foreach (StoredAccount account in context.Node.Accounts.Current.ByKey.Values)
        {
            if (seesAll || account.Key == context.Session.Account)
                add(account);
        }
    }

    private static void AddStatic(VirtualRows rows, PrivilegeSet held, Func<string, string, object?[]> row)
    {
        string mayGrant = YesNo((held & PrivilegeSet.GrantOption) != 0);
        string[] names = [.. Privileges.NamesIn(held)];
        foreach (string name in names.Length == 0 ? ["USAGE"] : names)
            rows.Add(row(name, mayGrant));
    }

    private static void AddApplicable(StatementContext context, VirtualRows rows)
    {
        AccountKey own = context.Session.Account;
        AccountSet accounts = context.Node.Accounts.Current;
        HashSet<AccountKey> seen = [];
        Collect(own);

        void Collect(AccountKey grantee)
        {
            foreach (AccountKey role in accounts.RolesOf(grantee))
            {
                bool isAdmin = accounts.Find(grantee)?.Grants.FindRole(role) is { WithAdminOption: true };
                if (!seen.Add(role))
                    continue;
                rows.Add(own.User, own.Host, grantee.User, grantee.Host, role.User, role.Host, YesNo(isAdmin), YesNo(IsDefault(context, role)),
                    YesNo(accounts.MandatoryRoles.Contains(role)));
                Collect(role);
            }
        }
    }

    private static bool IsDefault(StatementContext context, AccountKey role) =>
        context.Node.Accounts.Current.Find(context.Session.Account)?.DefaultRoles.Contains(role) == true;

    private static object?[] UserRow(StoredAccount account)
    {
        AccountLimits limits = account.Limits;
        DateTime changed = DateTime.UnixEpoch.AddTicks(account.PasswordSetMicroseconds * TimeSpan.TicksPerMicrosecond);
        return
        [
            account.Key.Host, account.Key.User, .. StaticNames.Select(name => Has(account.Grants.Global, name)),
            Has(account.Grants.Global, "GRANT OPTION"), TransportOf(account),
            account.Certificate.Cipher, account.Certificate.Issuer, account.Certificate.Subject, limits.QueriesPerHour, limits.UpdatesPerHour,
            limits.ConnectionsPerHour, limits.Connections, account.Plugin, Encoding.UTF8.GetString(account.Authentication.AsSpan()),
            account.IsExpired ? "Y" : "N", changed.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), account.LifetimeDays,
            account.IsLocked ? "Y" : "N", account.HistoryCount, account.ReuseDays,
            account.RequiresCurrent switch { null => null, true => "Y", _ => "N" }, account.Attributes.Length == 0 ? null : account.Attributes,
        ];
    }

    private static string TransportOf(StoredAccount account) => account.Transport switch
    {
        RequiredTransport.Tls => "ANY",
        RequiredTransport.Certificate => "X509",
        RequiredTransport.Specified => "SPECIFIED",
        _ => "",
    };

    // SHOW DATABASES is Show_db_priv in mysql.user, and so on with what has other names there.
    private static string ColumnOf(string name) => name switch
    {
        "SHOW DATABASES" => "Show_db_priv",
        "CREATE TEMPORARY TABLES" => "Create_tmp_table_priv",
        "REPLICATION SLAVE" => "Repl_slave_priv",
        "REPLICATION CLIENT" => "Repl_client_priv",
        _ => name[..1] + name[1..].ToLowerInvariant().Replace(' ', '_') + "_priv",
    };

    private static string Has(PrivilegeSet held, string name) =>
        Privileges.TryFind(name, out PrivilegeSet bit) && (held & bit) != 0 ? "Y" : "N";

    private static string Set(PrivilegeSet held)
    {
        IEnumerable<string> names = Privileges.NamesIn(held).Select(name => name[..1] + name[1..].ToLowerInvariant());
        return string.Join(',', (held & PrivilegeSet.GrantOption) != 0 ? names.Append("Grant") : names);
    }

    private static string YesNo(bool value) => value ? "YES" : "NO";
}
