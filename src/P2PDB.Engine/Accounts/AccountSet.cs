using System.Collections.Immutable;
using System.Linq;

namespace P2PDB.Engine.Accounts;

/// <summary>
/// All accounts and roles of a node at one moment. Never changes: what was decided by one set holds as long as that set is the node's.
/// </summary>
internal sealed class AccountSet
{
    /// <summary>No account.</summary>
    public static readonly AccountSet Empty = new(ImmutableSortedDictionary<AccountKey, StoredAccount>.Empty);

    private readonly ImmutableArray<StoredAccount> _bySpecificity;

    /// <summary>Takes the accounts by name, and the roles that all of them have.</summary>
    public AccountSet(ImmutableSortedDictionary<AccountKey, StoredAccount> accounts, ImmutableArray<AccountKey> mandatoryRoles = default)
    {
        ByKey = accounts;
        MandatoryRoles = mandatoryRoles.IsDefault ? [] : mandatoryRoles;
        // The host decides first, then the user: a name before the anonymous account. As MySQL sorts them.
        _bySpecificity =
        [
            .. accounts.Values.OrderBy(account => HostPattern.Rank(account.Key.Host))
                .ThenByDescending(account => account.Key.User.Length > 0).ThenBy(account => account.Key),
        ];
    }

    /// <summary>The accounts by name.</summary>
    public ImmutableSortedDictionary<AccountKey, StoredAccount> ByKey { get; }

    /// <summary>The roles that every account has, by the variable <c>mandatory_roles</c>: part of the set, since they decide like grants.</summary>
    public ImmutableArray<AccountKey> MandatoryRoles { get; }

    /// <summary>The account of exactly that name, or null.</summary>
    public StoredAccount? Find(AccountKey key) => ByKey.GetValueOrDefault(key);

    /// <summary>The account that a client of that name from that host is: the most specific that fits; null where none does.</summary>
    public StoredAccount? Match(string user, string host)
    {
        foreach (StoredAccount account in _bySpecificity)
        {
            if ((account.Key.User.Length == 0 || account.Key.User == user) && HostPattern.Matches(account.Key.Host, host))
                return account;
        }

        return null;
    }

    /// <summary>The roles of an account: granted to it, and mandatory ones that exist, but none that makes everybody a system user.</summary>
    public ImmutableArray<AccountKey> RolesOf(AccountKey account)
    {
        List<AccountKey> roles = [.. Find(account)?.Grants.Roles.Select(grant => grant.Role) ?? []];
        foreach (AccountKey role in MandatoryRoles)
        {
            if (role != account && !roles.Contains(role) && Find(role) is { } known && !Rights.IsSystemUser(this, known))
                roles.Add(role);
        }

        return [.. roles.Order()];
    }

    /// <summary>The set with other roles that every account has.</summary>
    public AccountSet WithMandatoryRoles(ImmutableArray<AccountKey> roles) => new(ByKey, roles);

    /// <summary>The set with an account in the place of the one of its name, or added.</summary>
    public AccountSet With(StoredAccount account) => new(ByKey.SetItem(account.Key, account), MandatoryRoles);

    /// <summary>The set without an account; grants of it as a role go too.</summary>
    public AccountSet Without(AccountKey key) => Renamed(key, null, ByKey.Remove(key));

    /// <summary>The set with an account, and the grants of it as a role, under another name.</summary>
    public AccountSet Rename(AccountKey from, AccountKey to) =>
        Renamed(from, to, ByKey.Remove(from).Add(to, ByKey[from] with { Key = to }));

    private AccountSet Renamed(AccountKey from, AccountKey? to, ImmutableSortedDictionary<AccountKey, StoredAccount> accounts)
    {
        foreach (StoredAccount account in accounts.Values)
        {
            bool isRole = account.Grants.FindRole(from) is not null || account.DefaultRoles.Contains(from);
            if (!isRole)
                continue;
            GrantSet grants = account.Grants with
            {
                Roles = to is { } name
                    ? [.. account.Grants.Roles.Select(grant => grant.Role == from ? grant with { Role = name } : grant)]
                    : [.. account.Grants.Roles.Where(grant => grant.Role != from)],
            };
            accounts = accounts.SetItem(account.Key, account with
            {
                Grants = grants,
                DefaultRoles = to is { } other
                    ? [.. account.DefaultRoles.Select(role => role == from ? other : role)]
                    : [.. account.DefaultRoles.Where(role => role != from)],
            });
        }

        return new AccountSet(accounts, MandatoryRoles);
    }
}
