using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Control;
using PrivilegeNames = P2PDB.Engine.Accounts.Privileges;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>SHOW GRANTS, SHOW CREATE USER and SHOW PRIVILEGES.</summary>
internal static class ShowAccounts
{
    /// <summary>SHOW GRANTS [FOR account [USING roles]]; of oneself with the roles that are active.</summary>
    public static VirtualRows Grants(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        SessionState session = context.Session;
        AccountSet accounts = context.Node.Accounts.Current;
        AccountKey key = statement.Account is { } name ? AccountNames.Resolve(context, name) : session.Account;
        columns = [Columns.Text($"Grants for {key.Plain}", 1024)];
        ImmutableArray<AccountKey> used = [.. AccountNames.ResolveAll(context, statement.Roles)];
        GrantSet grants;
        IReadOnlyList<RoleGrant> roles = [];
        if (session.LoginAccount is null && key == session.Account)
        {
            grants = GrantSet.Everything;
        }
        else
        {
            StoredAccount account = accounts.Find(key) ?? throw AccountErrors.NoSuchGrant(key).ToException();
            ImmutableArray<AccountKey> granted = accounts.RolesOf(key);
            foreach (AccountKey role in used)
            {
                if (!granted.Contains(role))
                    throw AccountErrors.RoleNotGranted(role, key).ToException();
            }

            if (used.IsEmpty && key == session.Account)
                used = session.Rights.ActiveRoles;
            grants = GrantEdit.Union(Rights.Of(accounts, key, used).Grants);
            roles = [.. granted.Select(role => new RoleGrant(role, account.Grants.FindRole(role) is { WithAdminOption: true }))];
        }

        var rows = new VirtualRows(1);
        foreach (string line in GrantText.Lines(key, grants, roles))
            rows.Add(line);
        return rows;
    }

    /// <summary>SHOW CREATE USER.</summary>
    public static VirtualRows CreateUser(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        AccountKey key = statement.Account is { } name ? AccountNames.Resolve(context, name) : context.Session.Account;
        columns = [Columns.LongText($"CREATE USER for {key.Plain}")];
        StoredAccount account = context.Node.Accounts.Current.Find(key)
            ?? throw AccountErrors.CannotChange("SHOW CREATE USER", [key]).ToException();
        var rows = new VirtualRows(1);
        // Who may not read the hash in mysql.user learns it by no other way, be it one's own.
        bool showsHash = (context.Session.Rights.OnTable("mysql", "user") & PrivilegeSet.Select) != 0;
        rows.Add(TextOf(account, showsHash));
        return rows;
    }

    /// <summary>SHOW PRIVILEGES: what there is.</summary>
    public static VirtualRows Privileges(out RelationColumn[] columns)
    {
        columns = [Columns.Text("Privilege"), Columns.Text("Context"), Columns.Text("Comment")];
        var rows = new VirtualRows(columns.Length);
        foreach (string name in PrivilegeNames.NamesIn(PrivilegeSet.All))
        {
            PrivilegeNames.TryFind(name, out PrivilegeSet bit);
            List<string> contexts = [];
            if ((bit & PrivilegeSet.OfDatabases) != 0)
                contexts.Add("Databases");
            if ((bit & PrivilegeSet.OfTables) != 0)
                contexts.Add("Tables");
            if ((bit & PrivilegeSet.OfRoutines) != 0)
                contexts.Add("Functions,Procedures");
            rows.Add(name[..1] + name[1..].ToLowerInvariant(), contexts.Count == 0 ? "Server Admin" : string.Join(',', contexts), "");
        }

        rows.Add("Grant option", "Databases,Tables,Functions,Procedures", "To give to other users those privileges you possess");
        foreach (string name in PrivilegeNames.Dynamic)
            rows.Add(name, "Server Admin", "");
        return rows;
    }

    private static string TextOf(StoredAccount account, bool showsHash)
    {
        var text = new StringBuilder($"CREATE USER {account.Key.Ticked} IDENTIFIED WITH '{account.Plugin}'");
        if (!account.Authentication.IsEmpty)
        {
            string hash = showsHash ? Escape(Encoding.UTF8.GetString(account.Authentication.AsSpan())) : "<secret>";
            text.Append(CultureInfo.InvariantCulture, $" AS '{hash}'");
        }

        if (!account.DefaultRoles.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $" DEFAULT ROLE {string.Join(',', account.DefaultRoles.Order().Select(role => role.Ticked))}");
        text.Append(CultureInfo.InvariantCulture, $" REQUIRE {Transport(account)}").Append(Limits(account.Limits));
        text.Append(CultureInfo.InvariantCulture, $" PASSWORD EXPIRE{Expiry(account)} ACCOUNT {(account.IsLocked ? "LOCK" : "UNLOCK")}");
        text.Append(CultureInfo.InvariantCulture, $" PASSWORD HISTORY {account.HistoryCount?.ToString(CultureInfo.InvariantCulture) ?? "DEFAULT"}");
        text.Append(account.ReuseDays is { } days
            ? string.Create(CultureInfo.InvariantCulture, $" PASSWORD REUSE INTERVAL {days} DAY") : " PASSWORD REUSE INTERVAL DEFAULT");
        text.Append(" PASSWORD REQUIRE CURRENT").Append(account.RequiresCurrent switch { null => " DEFAULT", true => "", _ => " OPTIONAL" });
        if (account.FailedLoginsMax > 0)
            text.Append(CultureInfo.InvariantCulture, $" FAILED_LOGIN_ATTEMPTS {account.FailedLoginsMax}");
        if (account.LockDays != 0)
        {
            string lockDays = account.LockDays < 0 ? "UNBOUNDED" : account.LockDays.ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $" PASSWORD_LOCK_TIME {lockDays}");
        }

        if (account.Attributes.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $" ATTRIBUTE '{Escape(account.Attributes)}'");
        return text.ToString();
    }

    private static string Transport(StoredAccount account)
    {
        if (account.Transport != RequiredTransport.Specified)
            return account.Transport switch { RequiredTransport.Tls => "SSL", RequiredTransport.Certificate => "X509", _ => "NONE" };
        List<string> parts = [];
        if (account.Certificate.Subject.Length > 0)
            parts.Add($"SUBJECT '{Escape(account.Certificate.Subject)}'");
        if (account.Certificate.Issuer.Length > 0)
            parts.Add($"ISSUER '{Escape(account.Certificate.Issuer)}'");
        if (account.Certificate.Cipher.Length > 0)
            parts.Add($"CIPHER '{Escape(account.Certificate.Cipher)}'");
        return string.Join(' ', parts);
    }

    private static string Limits(in AccountLimits limits)
    {
        var text = new StringBuilder();
        Add("MAX_QUERIES_PER_HOUR", limits.QueriesPerHour);
        Add("MAX_UPDATES_PER_HOUR", limits.UpdatesPerHour);
        Add("MAX_CONNECTIONS_PER_HOUR", limits.ConnectionsPerHour);
        Add("MAX_USER_CONNECTIONS", limits.Connections);
        return text.Length == 0 ? "" : " WITH" + text;

        void Add(string name, uint value)
        {
            if (value > 0)
                text.Append(CultureInfo.InvariantCulture, $" {name} {value}");
        }
    }

    private static string Expiry(StoredAccount account)
    {
        if (account.IsExpired)
            return "";
        return account.LifetimeDays switch
        {
            null => " DEFAULT",
            0 => " NEVER",
            { } days => string.Create(CultureInfo.InvariantCulture, $" INTERVAL {days} DAY"),
        };
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
