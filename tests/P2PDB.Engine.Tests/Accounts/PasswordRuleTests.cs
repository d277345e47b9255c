using System.Text;
using P2PDB.Engine.Accounts;

namespace P2PDB.Engine.Tests.Accounts;

/// <summary>What sessions may do with passwords, their own and others', and what becomes of limits and of failures to write.</summary>
public sealed class PasswordRuleTests : IDisposable
{
    private readonly AccountNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_password_that_no_client_could_log_in_with_is_refused()
    {
        string longest = new('p', 256);
        string tooLong = longest + "p";
        _node.Run($"CREATE USER u IDENTIFIED BY '{longest}'; CREATE USER old IDENTIFIED WITH mysql_native_password BY '{tooLong}'");
        Session session = _node.LogIn("u");

        Assert.Equal(1396, AccountNode.Run(_node.Root, $"CREATE USER v IDENTIFIED BY '{tooLong}'"));
        Assert.Equal(1396, AccountNode.Run(_node.Root, $"ALTER USER u IDENTIFIED BY '{tooLong}'"));
        Assert.Equal(1396, AccountNode.Run(session, $"SET PASSWORD = '{tooLong}'"));
        Assert.Equal(1396, AccountNode.Run(session, $"SET PASSWORD = '{new string('p', 1 << 20)}'"));

        StoredAccount stored = _node.Accounts.Find(new AccountKey("u", "%"))!;
        Assert.True(PasswordHash.VerifyCachingSha2(stored.Authentication.AsSpan(), Encoding.ASCII.GetBytes(longest)));
        Assert.Null(_node.Accounts.Find(new AccountKey("v", "%")));
    }

    [Fact]
    public void A_random_password_is_told_once_and_is_the_accounts()
    {
        string[] told = AccountNode.Show(_node.Root, "CREATE USER u IDENTIFIED BY RANDOM PASSWORD").Split('|');

        Assert.Equal(["u", "%"], told[..2]);
        StoredAccount stored = _node.Accounts.Find(new AccountKey("u", "%"))!;
        Assert.True(PasswordHash.VerifyCachingSha2(stored.Authentication.AsSpan(), Encoding.ASCII.GetBytes(string.Join('|', told[2..^1]))));
    }

    [Fact]
    public void An_expired_password_is_not_settled_by_discarding_another()
    {
        _node.Run("CREATE USER u IDENTIFIED BY 'p' PASSWORD EXPIRE; GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO u");
        Session session = _node.LogIn("u");

        Assert.Equal(1820, AccountNode.Run(session, "ALTER USER CURRENT_USER() DISCARD OLD PASSWORD"));
        Assert.Equal(1820, AccountNode.Run(session, "SELECT 1"));
        Assert.Equal(0, AccountNode.Run(session, "ALTER USER CURRENT_USER() IDENTIFIED BY 'q'"));
        Assert.Equal(0, AccountNode.Run(session, "SELECT 1"));
    }

    [Fact]
    public void An_old_password_is_kept_or_discarded_by_who_administers_passwords()
    {
        _node.Run("CREATE USER u IDENTIFIED BY 'p'");
        Session session = _node.LogIn("u");
        string[] statements =
        [
            "ALTER USER CURRENT_USER() IDENTIFIED BY 'q' RETAIN CURRENT PASSWORD",
            "SET PASSWORD = 'r' RETAIN CURRENT PASSWORD",
            "ALTER USER u DISCARD OLD PASSWORD",
        ];

        foreach (string sql in statements)
            Assert.Equal(1227, AccountNode.Run(session, sql));
        _node.Run("GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO u");
        foreach (string sql in statements)
            Assert.Equal(0, AccountNode.Run(session, sql));
    }

    [Fact]
    public void An_anonymous_session_changes_nothing_of_the_account_that_all_share()
    {
        _node.Run("CREATE USER ''@'%'; CREATE ROLE r; GRANT r TO ''@'%'");
        Session session = _node.LogIn("anybody");

        Assert.Equal(1131, AccountNode.Run(session, "SET PASSWORD = 'p'"));
        Assert.Equal(1131, AccountNode.Run(session, "ALTER USER CURRENT_USER() IDENTIFIED BY 'p'"));
        Assert.Equal(1227, AccountNode.Run(session, "SET DEFAULT ROLE r TO CURRENT_USER()"));
        Assert.Equal(1227, AccountNode.Run(session, "ALTER USER CURRENT_USER() DEFAULT ROLE r"));
        Assert.Equal(0, AccountNode.Run(session, "SET ROLE r"));
    }

    [Fact]
    public void The_hash_of_a_password_shows_to_who_may_read_it()
    {
        _node.Run("CREATE USER u IDENTIFIED WITH mysql_native_password BY 'p'; CREATE USER bare");
        const string Shown = "AS '*";
        Session session = _node.LogIn("u");

        Assert.Contains("AS '<secret>'", AccountNode.Show(session, "SHOW CREATE USER CURRENT_USER()"), StringComparison.Ordinal);
        Assert.DoesNotContain("<secret>", AccountNode.Show(_node.LogIn("bare"), "SHOW CREATE USER CURRENT_USER()"), StringComparison.Ordinal);
        Assert.Contains(Shown, AccountNode.Show(_node.Root, "SHOW CREATE USER u"), StringComparison.Ordinal);
        _node.Run("GRANT SELECT ON mysql.user TO u");
        Assert.Contains(Shown, AccountNode.Show(session, "SHOW CREATE USER CURRENT_USER()"), StringComparison.Ordinal);
    }

    [Fact]
    public void Flush_lets_limits_count_from_none_and_unlocks()
    {
        _node.Run("CREATE USER u IDENTIFIED BY 'p' WITH MAX_QUERIES_PER_HOUR 1 FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1");
        Session session = _node.LogIn("u");
        AccountStore store = _node.Root.State.Node.Accounts;
        StoredAccount stored = store.Current.Find(new AccountKey("u", "%"))!;
        Assert.Equal([0, 1226], [AccountNode.Run(session, "SELECT 1"), AccountNode.Run(session, "SELECT 1")]);
        store.Usage.CountFailure(stored);

        _node.Run("FLUSH USER_RESOURCES");
        Assert.Equal([0, 1226], [AccountNode.Run(session, "SELECT 1"), AccountNode.Run(session, "SELECT 1")]);
        Assert.Equal(1, store.Usage.LockedDays(stored));
        _node.Run("FLUSH PRIVILEGES");
        Assert.Equal(0, AccountNode.Run(session, "SELECT 1"));
        Assert.Equal(0, store.Usage.LockedDays(stored));
    }

    [Theory]
    [InlineData("DROP USER u")]
    [InlineData("RENAME USER u TO other")]
    public void An_account_starts_from_nothing_where_another_had_its_name(string end)
    {
        const string Create = "CREATE USER u IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 2 MAX_CONNECTIONS_PER_HOUR 2 "
            + "FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1";
        _node.Run(Create);
        AccountUsage usage = _node.Root.State.Node.Accounts.Usage;
        _node.LogOut(_node.LogIn("u"));
        Session left = _node.LogIn("u");
        usage.CountFailure(_node.Accounts.Find(new AccountKey("u", "%"))!);

        _node.Run(end + "; " + Create);

        StoredAccount stored = _node.Accounts.Find(new AccountKey("u", "%"))!;
        Assert.Equal(0, usage.LockedDays(stored));
        // The connection that is left still counts, the hour does not.
        _node.LogIn("u");
        Assert.Equal("max_user_connections", usage.BeginConnection(stored)?.Limit);
        _node.LogOut(left);
        Assert.Null(usage.BeginConnection(stored));
    }

    [Fact]
    public void A_change_that_was_answered_with_an_error_stays_undone_after_a_restart()
    {
        bool hasSucceeded = false;
        for (int call = 0; !hasSucceeded; call++)
        {
            string user = $"u{call}";
            _node.Volume.FailAfter(call, asFull: false);
            hasSucceeded = AccountNode.Run(_node.Root, $"CREATE USER {user}") == 0;
            _node.Restart();

            Assert.Equal(hasSucceeded, _node.Accounts.Find(new AccountKey(user, "%")) is not null);
        }
    }
}
