using System.Collections.Immutable;
using System.Linq;
using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast.Accounts;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>Which roles an account has, and which of them a statement chooses.</summary>
internal static class Roles
{
    /// <summary>The roles that are active after a login.</summary>
    public static ImmutableArray<AccountKey> AtLogin(NodeContext node, AccountSet accounts, AccountKey account)
    {
        ImmutableArray<AccountKey> granted = accounts.RolesOf(account);
        if (node.Globals.Get("activate_all_roles_on_login") == "ON")
            return granted;
        return [.. (accounts.Find(account)?.DefaultRoles ?? []).Where(role => granted.Contains(role))];
    }

    /// <summary>The roles that a selection means for an account; error 3530 for one that it has not.</summary>
    public static ImmutableArray<AccountKey> Select(StatementContext context, AccountSet accounts, StoredAccount account, RoleSelection selection)
    {
        ImmutableArray<AccountKey> granted = accounts.RolesOf(account.Key);
        AccountKey[] named = AccountNames.ResolveAll(context, selection.Roles);
        foreach (AccountKey role in named)
        {
            if (selection.Kind == RoleSelectionKind.Named && !granted.Contains(role))
                throw AccountErrors.RoleNotGranted(role, account.Key).ToException();
        }

        return selection.Kind switch
        {
            RoleSelectionKind.None => [],
            RoleSelectionKind.All => granted,
            RoleSelectionKind.AllExcept => [.. granted.Where(role => !named.Contains(role))],
            RoleSelectionKind.Default => account.DefaultRoles,
            _ => [.. named.Distinct()],
        };
    }

    /// <summary>CURRENT_ROLE(): the active roles by name, or NONE.</summary>
    public static string Format(ImmutableArray<AccountKey> roles) =>
        roles.IsEmpty ? "NONE" : string.Join(',', roles.Order().Select(role => role.Ticked));

    /// <summary>Reads a list as <c>mandatory_roles</c> has it, 'r1'@'%',`r2`@host,r3: what is no name is passed over.</summary>
    public static ImmutableArray<AccountKey> Parse(string list)
    {
        var roles = ImmutableArray.CreateBuilder<AccountKey>();
        int position = 0;
        while (position < list.Length)
        {
            string user = Word(list, ref position);
            string host = "%";
            if (position < list.Length && list[position] == '@')
            {
                position++;
                host = Word(list, ref position).ToLowerInvariant();
            }

            if (user.Length > 0)
                roles.Add(new AccountKey(user, host.Length == 0 ? "%" : host));
            while (position < list.Length && list[position] != ',')
                position++;
            position++;
        }

        return roles.ToImmutable();
    }

    private static string Word(string list, ref int position)
    {
        while (position < list.Length && list[position] == ' ')
            position++;
        if (position == list.Length)
            return "";
        char quote = list[position];
        var word = new StringBuilder();
        if (quote is not ('\'' or '"' or '`'))
        {
            while (position < list.Length && list[position] is not (',' or '@' or ' '))
                word.Append(list[position++]);
            return word.ToString();
        }

        position++;
        while (position < list.Length && list[position] != quote)
            word.Append(list[position++]);
        position = Math.Min(position + 1, list.Length);
        return word.ToString();
    }
}
