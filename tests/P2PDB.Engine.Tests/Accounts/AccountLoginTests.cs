using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Types;
using P2PDB.Tests;

namespace P2PDB.Engine.Tests.Accounts;

/// <summary>What accounts ask of logins and allow their sessions, and that they outlive the process.</summary>
public sealed class AccountLoginTests : IDisposable
{
    private readonly MemoryVolume _volume = new(new Random(1));
    private readonly ManualTimeProvider _clock = new();
    private Database _database;
    private Session _root;

    public AccountLoginTests()
    {
        _database = Open();
        _root = _database.OpenSession();
    }

    public void Dispose()
    {
        _root.Dispose();
        _database.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_acknowledged_is_there_after_the_end_of_the_process_or_of_power(bool losesPower)
    {
        Assert.Equal(0, Run(_root, "CREATE USER u IDENTIFIED BY 'p'; GRANT SELECT ON d.* TO u; CREATE ROLE r; GRANT r TO u"));
        Assert.Equal(0, Run(_root, "REVOKE r FROM u; ALTER USER u ACCOUNT LOCK"));

        Restart(losesPower);

        StoredAccount stored = _root.State.Node.Accounts.Current.Find(new AccountKey("u", "%"))!;
        Assert.True(PasswordHash.VerifyCachingSha2(stored.Authentication.AsSpan(), "p"u8));
        Assert.Equal(PrivilegeSet.Select, stored.Grants.OnDatabase("d"));
        Assert.Empty(stored.Grants.Roles);
        Assert.True(stored.IsLocked);
    }

    [Fact]
    public void A_change_that_is_cut_off_anywhere_is_there_as_a_whole_or_not_at_all()
    {
        for (int call = 1, acknowledged = 0; acknowledged == 0; call++)
        {
            string user = $"u{call}";
            _volume.LosePowerAfter(call);
            int code = Run(_root, $"CREATE USER {user} IDENTIFIED BY 'p' ATTRIBUTE '{{\"a\": 1}}'");
            acknowledged = code == 0 ? 1 : 0;
            Restart(losesPower: true);

            AccountSet accounts = _root.State.Node.Accounts.Current;
            Assert.NotNull(accounts.Find(new AccountKey("root", "localhost")));
            Assert.True(code != 0 || accounts.Find(new AccountKey(user, "%")) is not null, $"acknowledged and lost at call {call}");
        }
    }

    [Fact]
    public void A_locked_account_and_one_that_wants_encryption_stay_out()
    {
        Run(_root, "CREATE USER locked ACCOUNT LOCK; CREATE USER tls IDENTIFIED BY 'p'; ALTER USER tls REQUIRE SSL");

        Assert.Equal(3118, Refusal("locked"));
        Assert.Equal(1045, Refusal("tls"));
        Assert.Equal(0, Refusal("tls", isSecure: true));
    }

    [Fact]
    public void An_expired_password_must_be_changed_first()
    {
        Run(_root, "CREATE USER u IDENTIFIED BY 'p' PASSWORD EXPIRE INTERVAL 2 DAY");
        Assert.Equal(0, Refusal("u"));
        _clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(1862, Refusal("u"));
        Assert.Equal(0, Refusal("u", handlesExpired: true));
        using Session session = LogIn("u");
        Assert.Equal(1820, Run(session, "SELECT 1"));
        Assert.Equal(1820, Run(session, "CREATE USER v"));
        Assert.Equal(0, Run(session, "ALTER USER u IDENTIFIED BY 'q'"));
        Assert.Equal(0, Run(session, "SELECT 1"));
    }

    [Fact]
    public void Failed_logins_lock_an_account_for_its_days()
    {
        Run(_root, "CREATE USER u IDENTIFIED BY 'p' FAILED_LOGIN_ATTEMPTS 2 PASSWORD_LOCK_TIME 1");
        Account account = _database.FindAccount("u", "localhost")!;
        Assert.Null(_database.CountFailedLogin(account, Conditions("u")));
        Assert.Equal(0, Refusal("u"));

        Assert.Equal(3955, _database.CountFailedLogin(account, Conditions("u"))?.Code);
        Assert.Equal(3955, Refusal("u"));
        _clock.Advance(TimeSpan.FromDays(1.1));
        Assert.Equal(0, Refusal("u"));
        Assert.Null(_database.CountFailedLogin(account, Conditions("u")));
    }

    [Fact]
    public void Limits_hold_for_connections_and_statements_until_the_hour_is_over()
    {
        Run(_root, "CREATE USER u WITH MAX_USER_CONNECTIONS 1 MAX_QUERIES_PER_HOUR 2");
        using (Session session = LogIn("u"))
        {
            Assert.Equal(1226, Assert.Throws<SqlException>(() => LogIn("u")).Error.Code);
            Assert.Equal(0, Run(session, "SELECT 1"));
            Assert.Equal(0, Run(session, "SELECT 1"));
            Assert.Equal(1226, Run(session, "SELECT 1"));
            _clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(0, Run(session, "SELECT 1"));
        }

        LogIn("u").Dispose();
    }

    [Fact]
    public void A_statement_that_was_prepared_is_refused_once_the_privilege_is_gone()
    {
        Run(_root, "CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY); CREATE USER u; GRANT SELECT ON d.t TO u");
        using Session session = LogIn("u");
        using PreparedStatement select = session.Prepare("SELECT a FROM d.t"u8);
        Assert.Equal(0, Run(select));
        Run(_root, "REVOKE SELECT ON d.t FROM u");

        Assert.Equal(1142, Run(select));
        Assert.Equal(1142, Assert.Throws<SqlException>(() => session.OpenTable("d", "t")).Error.Code);
    }

    [Fact]
    public void Load_data_writes_what_insert_may_write()
    {
        Run(_root, "CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY, b INT, c INT); CREATE USER u; SET GLOBAL local_infile = ON");
        using Session session = LogIn("u");
        Assert.Equal(1142, Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t"));
        Run(_root, "GRANT INSERT (a, b) ON d.t TO u");

        Assert.Equal(1045, Run(session, "LOAD DATA INFILE 'f' INTO TABLE d.t (a)"));
        Assert.Equal(1143, Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t"));
        Assert.Equal(1143, Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t (a, c)"));
        Assert.Equal(1143, Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t (a) SET c = 1"));
        Assert.Equal(1142, Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t (a) SET b = c"));
        Assert.Equal(1142, Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t (a) SET b = (SELECT MAX(c) FROM d.t)"));
        Assert.Equal(1142, Run(session, "LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE d.t (a)"));
    }

    [Fact]
    public void A_session_ends_those_of_its_own_user_only()
    {
        Run(_root, "CREATE USER u; CREATE USER v");
        using Session mine = LogIn("u");
        using Session other = LogIn("v");

        Assert.Equal(1095, Run(mine, $"KILL QUERY {other.ConnectionId}"));
        Assert.Equal(1095, Run(mine, $"KILL QUERY {_root.ConnectionId}"));
        Assert.Equal(1095, mine.RefusalOfKill(other.ConnectionId)?.Code);
        Run(_root, "GRANT CONNECTION_ADMIN ON *.* TO u");
        Assert.Equal(0, Run(mine, $"KILL QUERY {other.ConnectionId}"));
    }

    [Fact]
    public void The_password_file_closes_every_open_root_and_opens_again_what_was_locked()
    {
        Assert.True(_database.HasOpenRoot);
        Run(_root, "CREATE USER root@'%' ACCOUNT LOCK");

        AccountStore store = _root.State.Node.Accounts;
        store.ProtectRoot("p");

        Assert.False(_database.HasOpenRoot);
        StoredAccount root = Assert.Single(store.Current.ByKey.Values);
        Assert.Equal(new AccountKey("root", "%"), root.Key);
        Assert.False(root.IsLocked);
        Assert.Equal(PrivilegeSet.All, root.Grants.Global);
    }

    /// <summary>Another process on the same disk.</summary>
    private void Restart(bool losesPower)
    {
        if (losesPower)
            _volume.LosePower();
        else
            _volume.Kill();
        try
        {
            Dispose();
        }
        catch (IOException)
        {
            // The old process is dead.
        }

        _volume.Restart();
        _database = Open();
        _root = _database.OpenSession();
    }

    private Database Open() => Database.Open("memory", new DatabaseOptions
    {
        Volume = _volume,
        Journal = new JournalOptions { SegmentLength = 8 << 20 },
        TimeProvider = _clock,
        HasTicker = false,
        Seed = 1,
    });

    private Session LogIn(string user) =>
        _database.OpenSession(new SessionOptions { User = user, Account = _database.FindAccount(user, "localhost") });

    private int Refusal(string user, bool isSecure = false, bool handlesExpired = false) =>
        _database.RefusalOf(_database.FindAccount(user, "localhost")!, Conditions(user, isSecure, handlesExpired))?.Code ?? 0;

    private static LoginConditions Conditions(string user, bool isSecure = false, bool handlesExpired = false) => new()
    {
        User = user,
        Host = "localhost",
        Cipher = "",
        Issuer = "",
        Subject = "",
        IsSecure = isSecure,
        HandlesExpiredPassword = handlesExpired,
    };

    private static int Run(Session session, string sql)
    {
        var sink = new LastError();
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Code;
    }

    private static int Run(PreparedStatement statement)
    {
        var sink = new LastError();
        statement.Execute(new ParameterSet(), sink);
        return sink.Code;
    }

    private sealed class LastError : ResultSink
    {
        public int Code { get; private set; }

        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
        }

        public override void Rows(RowBatch batch)
        {
        }

        public override void RowsDone(in StatementOutcome outcome)
        {
        }

        public override void Ok(in StatementOutcome outcome)
        {
        }

        public override void Fail(SqlError error) => Code = error.Code;
    }
}
