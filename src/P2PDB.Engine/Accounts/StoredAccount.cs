using System.Collections.Immutable;

namespace P2PDB.Engine.Accounts;

/// <summary>An account or role as this node keeps it: how it proves itself, its limits, and what it was granted. A change makes another.</summary>
internal sealed record StoredAccount(AccountKey Key)
{
    /// <summary>The plugin's name.</summary>
    public string Plugin { get; init; } = Account.CachingSha2Plugin;

    /// <summary>The plugin's stored form of the password; empty for none.</summary>
    public ImmutableArray<byte> Authentication { get; init; } = [];

    /// <summary>The password before, while RETAIN CURRENT PASSWORD keeps it; empty for none.</summary>
    public ImmutableArray<byte> SecondAuthentication { get; init; } = [];

    /// <summary>ACCOUNT LOCK.</summary>
    public bool IsLocked { get; init; }

    /// <summary>PASSWORD EXPIRE.</summary>
    public bool IsExpired { get; init; }

    /// <summary>When the password was set, microseconds since 1970 UTC.</summary>
    public long PasswordSetMicroseconds { get; init; }

    /// <summary>PASSWORD EXPIRE INTERVAL in days; 0 for NEVER; null for what <c>default_password_lifetime</c> says.</summary>
    public int? LifetimeDays { get; init; }

    /// <summary>PASSWORD HISTORY; null for <c>password_history</c>.</summary>
    public int? HistoryCount { get; init; }

    /// <summary>PASSWORD REUSE INTERVAL in days; null for <c>password_reuse_interval</c>.</summary>
    public int? ReuseDays { get; init; }

    /// <summary>PASSWORD REQUIRE CURRENT; null for <c>password_require_current</c>.</summary>
    public bool? RequiresCurrent { get; init; }

    /// <summary>FAILED_LOGIN_ATTEMPTS; 0 for no limit.</summary>
    public int FailedLoginsMax { get; init; }

    /// <summary>PASSWORD_LOCK_TIME in days; -1 for UNBOUNDED.</summary>
    public int LockDays { get; init; }

    /// <summary>MAX_QUERIES_PER_HOUR, MAX_UPDATES_PER_HOUR, MAX_CONNECTIONS_PER_HOUR, MAX_USER_CONNECTIONS.</summary>
    public AccountLimits Limits { get; init; }

    /// <summary>REQUIRE.</summary>
    public RequiredTransport Transport { get; init; }

    /// <summary>CIPHER, ISSUER and SUBJECT of REQUIRE; empty where not asked for.</summary>
    public RequiredCertificate Certificate { get; init; } = new("", "", "");

    /// <summary>ATTRIBUTE or COMMENT: a JSON object; empty for none.</summary>
    public string Attributes { get; init; } = "";

    /// <summary>DEFAULT ROLE.</summary>
    public ImmutableArray<AccountKey> DefaultRoles { get; init; } = [];

    /// <summary>Stored forms of passwords before, with when they were set, the newest first.</summary>
    public ImmutableArray<FormerPassword> FormerPasswords { get; init; } = [];

    /// <summary>What it was granted itself.</summary>
    public GrantSet Grants { get; init; } = GrantSet.Empty;
}

/// <summary>What an account may use; 0 for no limit.</summary>
internal readonly record struct AccountLimits(uint QueriesPerHour, uint UpdatesPerHour, uint ConnectionsPerHour, uint Connections);

/// <summary>What REQUIRE asks of the connection. The numbers are kept in files.</summary>
internal enum RequiredTransport : byte { None = 0, Tls = 1, Certificate = 2, Specified = 3 }

/// <summary>What REQUIRE asks of the client's certificate, in text.</summary>
internal sealed record RequiredCertificate(string Cipher, string Issuer, string Subject);

/// <summary>A password that an account had.</summary>
internal sealed record FormerPassword(ImmutableArray<byte> Authentication, long SetMicroseconds);
