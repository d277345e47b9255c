using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Accounts;

/// <summary>
/// The node's accounts and the file that keeps them. They are the node's own: no peer sees them. A change is durable before anybody
/// sees it; who reads takes a set, which never changes.
/// </summary>
internal sealed class AccountStore
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "accounts";

    private readonly StorageVolume _volume;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private volatile AccountSet _current;
    private bool _isFileUncertain;

    private AccountStore(StorageVolume volume, TimeProvider clock, AccountSet current)
    {
        _volume = volume;
        _clock = clock;
        _current = current;
        Usage = new AccountUsage(clock);
    }

    /// <summary>The accounts as of now.</summary>
    public AccountSet Current => _current;

    /// <summary>What accounts have used of their limits, and failed logins.</summary>
    public AccountUsage Usage { get; }

    /// <summary>Now, microseconds since 1970 UTC.</summary>
    public long NowMicroseconds => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Reads the accounts of a volume; a new one has root, which needs no password from this machine.</summary>
    public static AccountStore Open(StorageVolume volume, TimeProvider clock)
    {
        byte[]? bytes = volume.TryReadAll(FileName);
        AccountSet accounts = AccountSet.Empty.With(new StoredAccount(new AccountKey("root", "localhost")) { Grants = GrantSet.Everything });
        if (bytes is not null && !AccountReader.TryRead(bytes, out accounts))
            throw new CorruptionException(FileName, 0, "the accounts are not whole, or a later version wrote them");
        return new AccountStore(volume, clock, accounts);
    }

    /// <summary>
    /// Gives root a password, from any host, and all that there is; every other root that has no password goes. Nothing is written where
    /// the password is that already.
    /// </summary>
    public void ProtectRoot(string password)
    {
        var key = new AccountKey("root", "%");
        byte[] utf8 = Encoding.UTF8.GetBytes(password);
        Change(accounts =>
        {
            StoredAccount root = accounts.Find(key) ?? new StoredAccount(key);
            bool isKnown = root is { IsLocked: false, IsExpired: false } && PasswordHash.VerifyCachingSha2(root.Authentication.AsSpan(), utf8);
            if (!isKnown)
            {
                Span<byte> salt = stackalloc byte[PasswordHash.SaltLength];
                RandomNumberGenerator.Fill(salt);
                accounts = accounts.With(root with
                {
                    Plugin = Account.CachingSha2Plugin,
                    Authentication = [.. PasswordHash.CachingSha2(utf8, salt)],
                    SecondAuthentication = [],
                    PasswordSetMicroseconds = NowMicroseconds,
                    IsExpired = false,
                    IsLocked = false,
                    Grants = GrantSet.Everything with { Roles = root.Grants.Roles },
                });
            }

            foreach (StoredAccount other in accounts.ByKey.Values)
            {
                if (other.Key.User == key.User && other.Key != key && other.Authentication.IsEmpty)
                    accounts = accounts.Without(other.Key);
            }

            return accounts;
        });
    }

    /// <summary>
    /// A client logs in with an account, which is given as it is now; error 1226 where that meets a limit, 1045 where the account was dropped
    /// meanwhile.
    /// </summary>
    public StoredAccount Begin(Account account, string user, string host)
    {
        StoredAccount stored = _current.Find(new AccountKey(account.User, account.Host))
            ?? throw SqlErrors.AccessDenied(user, host, account.HasNoPassword ? "NO" : "YES").ToException();
        if (Usage.BeginConnection(stored) is var (limit, value))
            throw AccountErrors.LimitReached(user, limit, value).ToException();
        Usage.ForgetFailures(stored.Key);
        return stored;
    }

    /// <summary>
    /// Makes a set of the current one, durably; a <see cref="SqlException"/> or <see cref="IOException"/> changes nothing. A change that
    /// gives back the set it was given writes nothing.
    /// </summary>
    public void Change(Func<AccountSet, AccountSet> change)
    {
        lock (_gate)
        {
            AccountSet before = _current;
            AccountSet after = change(before);
            if (ReferenceEquals(before, after))
                return;
            byte[] bytes = AccountWriter.Write(after);
            Invariant.Check(AccountReader.TryRead(bytes, out _), "accounts are written that the next start could not read");
            Write(before, bytes);
            _current = after;
        }
    }

    /// <summary>Roles that every account has from now on: sessions renew their rights as after a GRANT. No file keeps them.</summary>
    public void SetMandatoryRoles(ImmutableArray<AccountKey> roles)
    {
        lock (_gate)
            _current = _current.WithMandatoryRoles(roles);
    }

    /// <summary>
    /// Writes other accounts durably. A failure may come when the file has its new content already: then what was reported as failed would be
    /// found by the next start, so the accounts in force are written back, at the latest before the next change.
    /// </summary>
    private void Write(AccountSet before, byte[] after)
    {
        if (_isFileUncertain)
            _volume.Replace(FileName, AccountWriter.Write(before));
        _isFileUncertain = true;
        try
        {
            _volume.Replace(FileName, after);
        }
        catch (IOException)
        {
            TryWriteBack(before);
            throw;
        }

        _isFileUncertain = false;
    }

    private void TryWriteBack(AccountSet accounts)
    {
        try
        {
            _volume.Replace(FileName, AccountWriter.Write(accounts));
            _isFileUncertain = false;
        }
        catch (IOException)
        {
            // The next change begins with it.
        }
    }
}
