using System.Linq;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Statements;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Sql.Ast.Control;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>CREATE, ALTER, DROP and RENAME USER, CREATE and DROP ROLE, SET PASSWORD: each is done for all of its accounts or for none.</summary>
internal static class AccountExecutor
{
    /// <summary>CREATE USER.</summary>
    public static StatementResult Create(StatementContext context, CreateUserStatement statement, ResultSink sink)
    {
        const string Operation = "CREATE USER";
        var passwords = new PasswordChange(context, Operation);
        AccountKey[] roles = AccountNames.ResolveAll(context, statement.DefaultRoles);
        RoleExecutor.RequireAdmin(context, roles);
        AccountKey[] keys = Array.ConvertAll(statement.Accounts, one => AccountNames.Resolve(context, one.Account));
        for (int i = 0; i < keys.Length; i++)
        {
            if (context.Node.Accounts.Current.Find(keys[i]) is null && Array.IndexOf(keys, keys[i]) == i)
                passwords.Prepare(new StoredAccount(keys[i]), statement.Accounts[i].Authentication);
        }

        context.Node.Accounts.Change(accounts =>
        {
            RefuseKnown(context, accounts, keys, Operation, statement.IfNotExists);
            foreach (AccountKey role in roles)
                RequireSystemUserOfRole(context, accounts, Require(accounts, role));
            for (int i = 0; i < keys.Length; i++)
            {
                if (accounts.Find(keys[i]) is not null)
                    continue;
                var account = new StoredAccount(keys[i])
                {
                    PasswordSetMicroseconds = context.Node.Accounts.NowMicroseconds,
                    DefaultRoles = [.. roles],
                    Grants = GrantSet.Empty with { Roles = [.. roles.Select(role => new RoleGrant(role, false))] },
                };
                if (statement.Accounts[i].Authentication is { } given)
                    account = passwords.Apply(account, given);
                accounts = accounts.With(AccountOptions.Apply(account, statement.Options));
            }

            return accounts;
        });
        return Answer(context, passwords, sink);
    }

    /// <summary>ALTER USER.</summary>
    public static StatementResult Alter(StatementContext context, AlterUserStatement statement, ResultSink sink)
    {
        const string Operation = "ALTER USER";
        var passwords = new PasswordChange(context, Operation);
        AccountKey[] keys = Array.ConvertAll(statement.Accounts, one => AccountNames.Resolve(context, one.Account));
        for (int i = 0; i < keys.Length; i++)
        {
            if (context.Node.Accounts.Current.Find(keys[i]) is { } known)
                passwords.Prepare(known, statement.Accounts[i].Authentication);
        }

        context.Node.Accounts.Change(accounts =>
        {
            RefuseUnknown(context, accounts, keys, Operation, statement.IfExists);
            for (int i = 0; i < keys.Length; i++)
            {
                if (accounts.Find(keys[i]) is not { } account)
                    continue;
                RequireSystemUser(context, account);
                if (statement.Accounts[i].Authentication is { } given)
                    account = SetPassword(context, passwords, account, given);
                account = AccountOptions.Apply(account, statement.Options);
                if (statement.DefaultRole is { } selection)
                    account = account with { DefaultRoles = Roles.Select(context, accounts, account, selection) };
                accounts = accounts.With(account);
            }

            return accounts;
        });
        for (int i = 0; i < keys.Length; i++)
        {
            context.Node.Accounts.Usage.ForgetFailures(keys[i]);
            Settle(context, keys[i], statement.Accounts[i].Authentication);
        }

        return Answer(context, passwords, sink);
    }

    /// <summary>SET PASSWORD.</summary>
    public static StatementResult SetPassword(StatementContext context, SetPasswordStatement statement, ResultSink sink)
    {
        var passwords = new PasswordChange(context, "SET PASSWORD");
        AccountKey key = statement.Account is { } name ? AccountNames.Resolve(context, name) : context.Session.Account;
        if (context.Node.Accounts.Current.Find(key) is { } known)
            passwords.Prepare(known, statement.Password);
        context.Node.Accounts.Change(accounts =>
        {
            StoredAccount account = accounts.Find(key) ?? throw AccountErrors.NoSuchAccount.ToException();
            RequireSystemUser(context, account);
            return accounts.With(SetPassword(context, passwords, account, statement.Password));
        });
        context.Node.Accounts.Usage.ForgetFailures(key);
        Settle(context, key, statement.Password);
        return Answer(context, passwords, sink);
    }

    /// <summary>CREATE ROLE: an account that nobody can log in with.</summary>
    public static StatementResult CreateRole(StatementContext context, CreateRoleStatement statement)
    {
        AccountKey[] keys = AccountNames.ResolveAll(context, statement.Roles);
        context.Node.Accounts.Change(accounts =>
        {
            if (Array.Exists(keys, key => key.User.Length == 0))
                throw AccountErrors.CannotChange("CREATE ROLE", keys.Where(key => key.User.Length == 0)).ToException();
            RefuseKnown(context, accounts, keys, "CREATE ROLE", statement.IfNotExists);
            foreach (AccountKey key in keys)
            {
                if (accounts.Find(key) is null)
                {
                    long now = context.Node.Accounts.NowMicroseconds;
                    accounts = accounts.With(new StoredAccount(key) { IsLocked = true, IsExpired = true, PasswordSetMicroseconds = now });
                }
            }

            return accounts;
        });
        return StatementResult.Done;
    }

    /// <summary>DROP USER and DROP ROLE. Sessions of the account go on without any privilege.</summary>
    public static StatementResult Drop(StatementContext context, DropUserStatement statement)
    {
        AccountKey[] keys = AccountNames.ResolveAll(context, statement.Accounts);
        context.Node.Accounts.Change(accounts =>
        {
            foreach (AccountKey key in keys)
            {
                if (accounts.MandatoryRoles.Contains(key))
                    throw AccountErrors.IsMandatory(key).ToException();
            }

            RefuseUnknown(context, accounts, keys, statement.IsRole ? "DROP ROLE" : "DROP USER", statement.IfExists);
            foreach (AccountKey key in keys)
            {
                if (accounts.Find(key) is not { } account)
                    continue;
                RequireSystemUser(context, account);
                accounts = accounts.Without(key);
            }

            return accounts;
        });
        foreach (AccountKey key in keys)
            context.Node.Accounts.Usage.Forget(key);
        return StatementResult.Done;
    }

    /// <summary>RENAME USER: from left to right.</summary>
    public static StatementResult Rename(StatementContext context, RenameUserStatement statement)
    {
        List<AccountKey> renamed = [];
        context.Node.Accounts.Change(accounts =>
        {
            List<AccountKey> failed = [];
            foreach ((AccountName source, AccountName target) in statement.Renames)
            {
                AccountKey from = AccountNames.Resolve(context, source);
                AccountKey to = AccountNames.Resolve(context, target);
                if (accounts.Find(from) is not { } account || accounts.Find(to) is not null)
                {
                    failed.Add(from);
                    continue;
                }

                RequireSystemUser(context, account);
                accounts = accounts.Rename(from, to);
                renamed.Add(from);
            }

            return failed.Count == 0 ? accounts : throw AccountErrors.CannotChange("RENAME USER", failed).ToException();
        });
        foreach (AccountKey key in renamed)
            context.Node.Accounts.Usage.Forget(key);
        return StatementResult.Done;
    }

    /// <summary>FLUSH PRIVILEGES and USER_RESOURCES: limits count from none, and the former unlocks what failed logins have locked.</summary>
    public static StatementResult Flush(StatementContext context, FlushStatement statement)
    {
        bool unlocks = Array.IndexOf(statement.Items, "PRIVILEGES") >= 0;
        if (unlocks || Array.IndexOf(statement.Items, "USER_RESOURCES") >= 0)
            context.Node.Accounts.Usage.Clear(unlocks);
        return StatementResult.Done;
    }

    /// <summary>
    /// Error 1227 where an account with SYSTEM_USER is changed by one without it. One that only a role makes a system user is not protected,
    /// as in MySQL: a role is its sessions', not the account's.
    /// </summary>
    public static void RequireSystemUser(StatementContext context, StoredAccount account)
    {
        if (account.Grants.Dynamic.ContainsKey(Privileges.SystemUser))
            RequireSystemUser(context, account.Key);
    }

    /// <summary>Error 1227 where one without SYSTEM_USER passes on, or lets speak, who is a system user by itself or by a role that it has.</summary>
    public static void RequireSystemUserOfRole(StatementContext context, AccountSet accounts, StoredAccount role)
    {
        if (Rights.IsSystemUser(accounts, role))
            RequireSystemUser(context, role.Key);
    }

    private static void RequireSystemUser(StatementContext context, AccountKey key)
    {
        if (key != context.Session.Account && !context.Session.Rights.HasDynamic(Privileges.SystemUser))
            throw AccountErrors.PrivilegeNeeded(Privileges.SystemUser).ToException();
    }

    private static StoredAccount SetPassword(StatementContext context, PasswordChange passwords, StoredAccount account, AccountAuthentication given)
    {
        bool isOwn = account.Key == context.Session.Account;
        if (isOwn)
            passwords.CheckCurrent(account, given, (context.Session.Rights.Global & PrivilegeSet.CreateUser) != 0);
        else if (given.Current is not null)
            throw AccountErrors.CurrentPasswordNotNeeded.ToException();
        return passwords.Apply(account, given);
    }

    /// <summary>A session that had to give its account another password has done so.</summary>
    private static void Settle(StatementContext context, AccountKey key, AccountAuthentication? given)
    {
        if (given is { DiscardsOld: false } && key == context.Session.Account)
            context.Session.MustResetPassword = false;
    }

    private static StoredAccount Require(AccountSet accounts, AccountKey role) =>
        accounts.Find(role) ?? throw AccountErrors.UnknownAccount(role).ToException();

    private static void RefuseKnown(StatementContext context, AccountSet accounts, AccountKey[] keys, string operation, bool ifNotExists)
    {
        List<AccountKey> known = [.. keys.Where((key, index) => accounts.Find(key) is not null || Array.IndexOf(keys, key) < index)];
        if (known.Count > 0 && !ifNotExists)
            throw AccountErrors.CannotChange(operation, known).ToException();
        foreach (AccountKey key in known)
            context.Evaluation.Diagnostics.Add(AccountErrors.AlreadyExists(key).AsNote());
    }

    private static void RefuseUnknown(StatementContext context, AccountSet accounts, AccountKey[] keys, string operation, bool ifExists)
    {
        List<AccountKey> unknown = [.. keys.Where(key => accounts.Find(key) is null)];
        if (unknown.Count > 0 && !ifExists)
            throw AccountErrors.CannotChange(operation, unknown).ToException();
        foreach (AccountKey key in unknown)
            context.Evaluation.Diagnostics.Add(AccountErrors.DoesNotExist(key).AsNote());
    }

    /// <summary>Generated passwords are told once, in a result set.</summary>
    private static StatementResult Answer(StatementContext context, PasswordChange passwords, ResultSink sink)
    {
        if (passwords.Generated.Count == 0)
            return StatementResult.Done;
        RelationColumn[] columns =
        [
            Columns.Text("user", 32), Columns.Text("host", 255), Columns.Text("generated password"), Columns.Integer("auth_factor"),
        ];
        var rows = new VirtualRows(columns.Length);
        foreach ((AccountKey account, string password) in passwords.Generated)
            rows.Add(account.User, account.Host, password, 1);
        return RowsAnswer.Send(context, sink, columns, rows);
    }
}
