using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast.Accounts;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>GRANT and REVOKE of roles, SET ROLE, SET DEFAULT ROLE.</summary>
internal static class RoleExecutor
{
    /// <summary>GRANT role TO account.</summary>
    public static StatementResult Grant(StatementContext context, GrantRoleStatement statement)
    {
        AccountKey[] roles = AccountNames.ResolveAll(context, statement.Roles);
        RequireAdmin(context, roles);
        context.Node.Accounts.Change(accounts =>
        {
            foreach (AccountKey key in AccountNames.ResolveAll(context, statement.Accounts))
            {
                StoredAccount account = accounts.Find(key) ?? throw AccountErrors.UnknownAccount(key).ToException();
                AccountExecutor.RequireSystemUser(context, account);
                foreach (AccountKey role in roles)
                {
                    StoredAccount granted = accounts.Find(role) ?? throw AccountErrors.UnknownAccount(role).ToException();
                    AccountExecutor.RequireSystemUserOfRole(context, accounts, granted);
                    if (Reaches(accounts, role, key, []))
                        throw AccountErrors.RoleLoop(role, key).ToException();
                    account = account with { Grants = GrantEdit.AddRole(account.Grants, role, statement.WithAdminOption) };
                    accounts = accounts.With(account);
                }
            }

            return accounts;
        });
        return StatementResult.Done;
    }

    /// <summary>REVOKE role FROM account.</summary>
    public static StatementResult Revoke(StatementContext context, RevokeRoleStatement statement)
    {
        AccountKey[] roles = AccountNames.ResolveAll(context, statement.Roles);
        RequireAdmin(context, roles);
        context.Node.Accounts.Change(accounts =>
        {
            foreach (AccountKey key in AccountNames.ResolveAll(context, statement.Accounts))
            {
                if (accounts.Find(key) is not { } account)
                {
                    if (!statement.IgnoresUnknownUser)
                        throw AccountErrors.UnknownAccount(key).ToException();
                    context.Evaluation.Warn(AccountErrors.DoesNotExist(key));
                    continue;
                }

                AccountExecutor.RequireSystemUser(context, account);
                foreach (AccountKey role in roles)
                    account = Without(context, accounts, account, role, statement.IfExists);
                accounts = accounts.With(account);
            }

            return accounts;
        });
        return StatementResult.Done;
    }

    /// <summary>SET ROLE.</summary>
    public static StatementResult Set(StatementContext context, SetRoleStatement statement)
    {
        AccountSet accounts = context.Node.Accounts.Current;
        StoredAccount account = accounts.Find(context.Session.Account) ?? new StoredAccount(context.Session.Account);
        context.Session.ChooseRoles(Roles.Select(context, accounts, account, statement.Roles));
        return StatementResult.Done;
    }

    /// <summary>SET DEFAULT ROLE.</summary>
    public static StatementResult SetDefault(StatementContext context, SetDefaultRoleStatement statement)
    {
        context.Node.Accounts.Change(accounts =>
        {
            foreach (AccountKey key in AccountNames.ResolveAll(context, statement.Accounts))
            {
                StoredAccount account = accounts.Find(key) ?? throw AccountErrors.UnknownAccount(key).ToException();
                AccountExecutor.RequireSystemUser(context, account);
                accounts = accounts.With(account with { DefaultRoles = Roles.Select(context, accounts, account, statement.Roles) });
            }

            return accounts;
        });
        return StatementResult.Done;
    }

    private static StoredAccount Without(StatementContext context, AccountSet accounts, StoredAccount account, AccountKey role, bool ifExists)
    {
        if (accounts.MandatoryRoles.Contains(role))
            throw AccountErrors.IsMandatory(role).ToException();
        bool isKnown = accounts.Find(role) is not null;
        if (isKnown && account.Grants.FindRole(role) is not null)
        {
            return account with
            {
                Grants = GrantEdit.RemoveRole(account.Grants, role),
                DefaultRoles = account.DefaultRoles.Remove(role),
            };
        }

        var missing = isKnown ? AccountErrors.RoleNotGranted(role, account.Key) : AccountErrors.UnknownAccount(role);
        if (!ifExists)
            throw missing.ToException();
        context.Evaluation.Warn(missing);
        return account;
    }

    /// <summary>Error 1227 for who may not pass a role on.</summary>
    public static void RequireAdmin(StatementContext context, AccountKey[] roles)
    {
        Rights rights = context.Session.Rights;
        if ((rights.Global & PrivilegeSet.Super) != 0 || rights.HasDynamic("ROLE_ADMIN") || Array.TrueForAll(roles, rights.MayGrantRole))
            return;
        throw AccountErrors.PrivilegeNeeded("WITH ADMIN, ROLE_ADMIN, SUPER").ToException();
    }

    /// <summary>True where a role is, or has, another.</summary>
    private static bool Reaches(AccountSet accounts, AccountKey role, AccountKey other, HashSet<AccountKey> seen)
    {
        if (role == other)
            return true;
        if (!seen.Add(role) || accounts.Find(role) is not { } known)
            return false;
        foreach (RoleGrant grant in known.Grants.Roles)
        {
            if (Reaches(accounts, grant.Role, other, seen))
                return true;
        }

        return false;
    }
}
