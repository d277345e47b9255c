using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>What account names of statements mean.</summary>
internal static class AccountNames
{
    /// <summary>The account: % is the host where none was written, and CURRENT_USER the session's; error 1470 for names that are too long.</summary>
    public static AccountKey Resolve(StatementContext context, AccountName name)
    {
        if (name.IsCurrentUser)
            return context.Session.Account;
        if (name.User.Length > AccountKey.UserLengthMax)
            throw AccountErrors.NameTooLong(name.User, "user name", AccountKey.UserLengthMax).ToException();
        if (name.Host?.Length > AccountKey.HostLengthMax)
            throw AccountErrors.NameTooLong(name.Host, "host name", AccountKey.HostLengthMax).ToException();
        return new AccountKey(name.User, string.IsNullOrEmpty(name.Host) ? "%" : name.Host.ToLowerInvariant());
    }

    /// <summary>The accounts of a list.</summary>
    public static AccountKey[] ResolveAll(StatementContext context, AccountName[] names) =>
        Array.ConvertAll(names, name => Resolve(context, name));
}
