using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast.Accounts;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>Gives accounts passwords: by hash or in clear, under their rules of history and of the current password.</summary>
internal sealed class PasswordChange(StatementContext context, string operation)
{
    /// <summary>What generated passwords are made of: no letters that look like others.</summary>
    private const string RandomAlphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$%&()*+,-./:;<=>?@[]^_{|}~";

    /// <summary>Former passwords that are kept at most, whatever an account's rule says: each one costs a slow hash to compare with.</summary>
    private const int FormerCountMax = 64;

    private readonly Dictionary<AccountAuthentication, Prepared> _prepared = new(ReferenceEqualityComparer.Instance);

    /// <summary>Passwords that were generated, for the answer.</summary>
    public List<(AccountKey Account, string Password)> Generated { get; } = [];

    /// <summary>
    /// Hashes what IDENTIFIED says, which takes milliseconds, before the accounts are held for the change. Errors 1396 for a password that is
    /// too long to log in with, 1524, 1827.
    /// </summary>
    public void Prepare(StoredAccount account, AccountAuthentication? given)
    {
        if (given is { DiscardsOld: false })
            Of(account, given);
    }

    /// <summary>The account with what IDENTIFIED says; errors 1396, 1524, 1827, 3638, 3895.</summary>
    public StoredAccount Apply(StoredAccount account, AccountAuthentication given)
    {
        if (given.DiscardsOld)
            return account with { SecondAuthentication = [] };
        (string plugin, byte[]? password, ImmutableArray<byte> stored) = Of(account, given);
        if (given.IsRandom)
            Generated.Add((account.Key, Encoding.UTF8.GetString(password!)));
        if (given.RetainsCurrent && stored.IsEmpty)
            throw AccountErrors.EmptyPasswordRetained(account.Key).ToException();

        int history = account.HistoryCount ?? Setting("password_history");
        int reuse = account.ReuseDays ?? Setting("password_reuse_interval");
        long now = context.Node.Accounts.NowMicroseconds;
        account = account with { FormerPasswords = Remembered(account, history, reuse, now) };
        if (password is { Length: > 0 } && account.FormerPasswords.Any(former => Verifies(former.Authentication.AsSpan(), password)))
            throw AccountErrors.PasswordReused(account.Key).ToException();
        bool isRemembered = (history > 0 || reuse > 0) && !stored.IsEmpty;
        return account with
        {
            Plugin = plugin,
            Authentication = stored,
            SecondAuthentication = given.RetainsCurrent ? account.Authentication : plugin == account.Plugin ? account.SecondAuthentication : [],
            IsExpired = false,
            PasswordSetMicroseconds = now,
            FormerPasswords = isRemembered ? account.FormerPasswords.Insert(0, new FormerPassword(stored, now)) : account.FormerPasswords,
        };
    }

    /// <summary>Checks REPLACE, for an account whose password its own session changes; errors 3891 and 3892.</summary>
    public void CheckCurrent(StoredAccount account, AccountAuthentication given, bool isPrivileged)
    {
        if (given.Current is { } current)
        {
            if (!(current.Length == 0 ? account.Authentication.IsEmpty : Verifies(account.Authentication.AsSpan(), current)))
                throw AccountErrors.WrongCurrentPassword.ToException();
            return;
        }

        bool isRequired = account.RequiresCurrent ?? context.Node.Globals.Get("password_require_current") == "ON";
        if (isRequired && !isPrivileged && !account.Authentication.IsEmpty && !given.DiscardsOld)
            throw AccountErrors.CurrentPasswordNeeded.ToException();
    }

    /// <summary>What was prepared, or is now where the account's plugin has become another since.</summary>
    private Prepared Of(StoredAccount account, AccountAuthentication given)
    {
        string plugin = given.Plugin?.ToLowerInvariant() ?? account.Plugin;
        bool isKnown = _prepared.TryGetValue(given, out Prepared? known);
        if (isKnown && known!.Plugin == plugin)
            return known;
        if (plugin is not (Account.NativePlugin or Account.CachingSha2Plugin))
            throw AccountErrors.UnknownPlugin(given.Plugin!).ToException();
        byte[]? password = isKnown ? known!.Password : given.IsRandom ? Generate() : given.Password;
        // The time of the hash grows with the square of the length, and no client could log in with more.
        if (plugin == Account.CachingSha2Plugin && password?.Length > PasswordHash.PasswordLengthMax)
            throw AccountErrors.CannotChange(operation, [account.Key]).ToException();
        return _prepared[given] = new Prepared(
            plugin, password, given.Hash is { } hash ? Checked(plugin, hash) : Hash(plugin, password ?? []));
    }

    private static ImmutableArray<byte> Checked(string plugin, byte[] hash)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        bool isValid = hash.Length == 0
            || (plugin == Account.NativePlugin ? PasswordHash.TryReadNative(hash, digest) : PasswordHash.IsCachingSha2(hash));
        return isValid ? [.. hash] : throw AccountErrors.PasswordFormat.ToException();
    }

    private static ImmutableArray<byte> Hash(string plugin, byte[] password)
    {
        if (plugin == Account.NativePlugin)
            return [.. PasswordHash.Native(password)];
        Span<byte> salt = stackalloc byte[PasswordHash.SaltLength];
        RandomNumberGenerator.Fill(salt);
        return [.. PasswordHash.CachingSha2(password, salt)];
    }

    private static bool Verifies(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> password) =>
        stored.StartsWith("*"u8) ? stored.SequenceEqual(PasswordHash.Native(password)) : PasswordHash.VerifyCachingSha2(stored, password);

    private static ImmutableArray<FormerPassword> Remembered(StoredAccount account, int history, int reuse, long now)
    {
        long since = now - reuse * TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond;
        return
        [
            .. account.FormerPasswords.Where((former, index) => index < history || (reuse > 0 && former.SetMicroseconds > since)).Take(FormerCountMax),
        ];
    }

    private int Setting(string variable) =>
        int.TryParse(context.Node.Globals.Get(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private byte[] Generate()
    {
        string password = RandomNumberGenerator.GetString(RandomAlphabet, Math.Clamp(Setting("generated_random_password_length"), 5, 255));
        return Encoding.UTF8.GetBytes(password);
    }

    private sealed record Prepared(string Plugin, byte[]? Password, ImmutableArray<byte> Stored);
}
