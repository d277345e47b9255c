using System.Collections.Immutable;
using System.Linq;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Statements;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>CREATE, ALTER, DROP and RENAME USER, CREATE and DROP ROLE, SET PASSWORD: each is done for all of its accounts or for none.</summary>
internal static class AccountExecutor
{
    /// <summary>CREATE USER.</summary>
    public static StatementResult Create(StatementContext context, CreateUserStatement statement, ResultSink sink)
    {
        var passwords = new PasswordChange(context);
        AccountKey[] roles = AccountNames.ResolveAll(context, statement.DefaultRoles);
        RoleExecutor.RequireAdmin(context, roles);
        context.Node.Accounts.Change(accounts =>
        {
            AccountKey[] keys = Array.ConvertAll(statement.Accounts, one => AccountNames.Resolve(context, one.Account));
            RefuseKnown(context, accounts, keys, "CREATE USER", statement.IfNotExists);
            foreach (AccountKey role in roles)
                RequireSystemUser(context, Require(accounts, role));
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
        var passwords = new PasswordChange(context);
        AccountKey[] keys = Array.ConvertAll(statement.Accounts, one => AccountNames.Resolve(context, one.Account));
        context.Node.Accounts.Change(accounts =>
        {
            RefuseUnknown(context, accounts, keys, "ALTER USER", statement.IfExists);
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
        foreach (AccountKey key in keys)
            context.Node.Accounts.Usage.ForgetFailures(key);
        Settle(context, keys, statement.Accounts.Length > 0 && Array.Exists(statement.Accounts, one => one.Authentication is not null));
        return Answer(context, passwords, sink);
    }

    /// <summary>SET PASSWORD.</summary>
    public static StatementResult SetPassword(StatementContext context, SetPasswordStatement statement, ResultSink sink)
    {
        var passwords = new PasswordChange(context);
        AccountKey key = statement.Account is { } name ? AccountNames.Resolve(context, name) : context.Session.Account;
        context.Node.Accounts.Change(accounts =>
        {
            StoredAccount account = accounts.Find(key) ?? throw AccountErrors.NoSuchAccount.ToException();
            RequireSystemUser(context, account);
            return accounts.With(SetPassword(context, passwords, account, statement.Password));
        });
        context.Node.Accounts.Usage.ForgetFailures(key);
        Settle(context, [key], hasPassword: true);
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
            ImmutableArray<AccountKey> mandatory = Roles.Mandatory(context.Node);
            foreach (AccountKey key in keys)
            {
                if (mandatory.Contains(key))
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
        return StatementResult.Done;
    }

    /// <summary>RENAME USER: from left to right.</summary>
    public static StatementResult Rename(StatementContext context, RenameUserStatement statement)
    {
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
            }

            return failed.Count == 0 ? accounts : throw AccountErrors.CannotChange("RENAME USER", failed).ToException();
        });
        return StatementResult.Done;
    }

    /// <summary>Error 1227 where an account with SYSTEM_USER is changed by one without it.</summary>
    public static void RequireSystemUser(StatementContext context, StoredAccount account)
    {
        Rights rights = context.Session.Rights;
        if (account.Key != context.Session.Account && account.Grants.Dynamic.ContainsKey("SYSTEM_USER") && !rights.HasDynamic("SYSTEM_USER"))
            throw AccountErrors.PrivilegeNeeded("SYSTEM_USER").ToException();
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
    private static void Settle(StatementContext context, AccountKey[] keys, bool hasPassword)
    {
        if (hasPassword && Array.IndexOf(keys, context.Session.Account) >= 0)
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
