using System.Globalization;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>What an account asks of a client that has shown its password.</summary>
internal static class LoginRules
{
    /// <summary>What keeps the client out, or null. The order is MySQL's.</summary>
    public static SqlError? Refusal(AccountStore store, GlobalVariables globals, StoredAccount account, in LoginConditions conditions)
    {
        if (Block(store, account, conditions) is { } block)
            return block;
        if (!MeetsTransport(account, conditions))
            return SqlErrors.AccessDenied(conditions.User, conditions.Host, account.Authentication.IsEmpty ? "NO" : "YES");
        if (account.IsLocked)
            return new SqlError(3118, "HY000", $"Access denied for user '{conditions.User}'@'{conditions.Host}'. Account is locked.");
        bool disconnects = globals.Get("disconnect_on_expired_password") != "OFF";
        if (IsExpired(store, globals, account) && disconnects && !conditions.HandlesExpiredPassword)
        {
            return new SqlError(1862, "HY000",
                "Your password has expired. To log in you must change it using a client that supports expired passwords.");
        }

        return null;
    }

    /// <summary>Error 3955 while failed logins keep the account locked, or null.</summary>
    public static SqlError? Block(AccountStore store, StoredAccount account, in LoginConditions conditions)
    {
        int days = store.Usage.LockedDays(account);
        return days == 0 ? null : Blocked(account, conditions, days);
    }

    /// <summary>True where the account's password has expired, by PASSWORD EXPIRE or by its age.</summary>
    public static bool IsExpired(AccountStore store, GlobalVariables globals, StoredAccount account)
    {
        if (account.IsExpired)
            return true;
        int days = account.LifetimeDays
            ?? (int.TryParse(globals.Get("default_password_lifetime"), NumberStyles.None, CultureInfo.InvariantCulture, out int set) ? set : 0);
        if (days == 0 || account.Authentication.IsEmpty)
            return false;
        return store.NowMicroseconds - account.PasswordSetMicroseconds > days * TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond;
    }

    private static bool MeetsTransport(StoredAccount account, in LoginConditions conditions)
    {
        RequiredCertificate wanted = account.Certificate;
        return account.Transport switch
        {
            RequiredTransport.None => true,
            RequiredTransport.Tls => conditions.IsSecure,
            RequiredTransport.Certificate => conditions.IsSecure && conditions.HasCertificate,
            _ => conditions.IsSecure
                && (wanted.Cipher.Length == 0 || wanted.Cipher == conditions.Cipher)
                && (wanted.Issuer.Length == 0 || (conditions.HasCertificate && wanted.Issuer == conditions.Issuer))
                && (wanted.Subject.Length == 0 || (conditions.HasCertificate && wanted.Subject == conditions.Subject)),
        };
    }

    private static SqlError Blocked(StoredAccount account, in LoginConditions conditions, int days)
    {
        string all = account.LockDays < 0 ? "unlimited" : account.LockDays.ToString(CultureInfo.InvariantCulture);
        string rest = days < 0 ? "unlimited" : days.ToString(CultureInfo.InvariantCulture);
        return new SqlError(3955, "HY000", $"Access denied for user '{conditions.User}'@'{conditions.Host}'. Account is blocked for {all} day(s) "
            + $"({rest} day(s) remaining) due to {account.FailedLoginsMax} consecutive failed logins.");
    }
}
