using System.Collections.Immutable;
using P2PDB.Engine.Accounts;

namespace P2PDB.Engine;

/// <summary>A MySQL account as authentication needs it.</summary>
/// <param name="User">User name; empty for the anonymous account.</param>
/// <param name="Host">Host pattern it may come from.</param>
/// <param name="Plugin"><c>mysql_native_password</c> or <c>caching_sha2_password</c>.</param>
/// <param name="Authentication">
/// The stored <c>authentication_string</c> of that plugin (<see cref="PasswordHash"/> makes it); empty = no password.
/// </param>
/// <param name="IsLocked">True after ACCOUNT LOCK: no one may log in with it.</param>
public sealed record Account(
    string User, string Host, string Plugin, ImmutableArray<byte> Authentication, bool IsLocked = false)
{
    /// <summary>Name of the plugin that stores SHA1(SHA1(password)).</summary>
    public const string NativePlugin = "mysql_native_password";

    /// <summary>Name of the default plugin, that stores a salted SHA-256 crypt.</summary>
    public const string CachingSha2Plugin = "caching_sha2_password";

    /// <summary>The password before, that still counts; empty for none.</summary>
    public ImmutableArray<byte> SecondAuthentication { get; init; } = [];

    /// <summary>True where the account needs no password.</summary>
    public bool HasNoPassword => Authentication.IsDefaultOrEmpty;

    /// <summary>The account as the node keeps it; null for one that stands for nobody.</summary>
    internal StoredAccount? Stored { get; init; }

    /// <summary>What authentication knows of an account.</summary>
    internal static Account Of(StoredAccount stored) => new(stored.Key.User, stored.Key.Host, stored.Plugin, stored.Authentication, stored.IsLocked)
    {
        SecondAuthentication = stored.SecondAuthentication,
        Stored = stored,
    };
}
