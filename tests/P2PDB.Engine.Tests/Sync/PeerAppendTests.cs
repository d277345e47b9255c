using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Commit;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>Tables of rows that stay, shared by two nodes that write apart.</summary>
public sealed class PeerAppendTests : IDisposable
{
    private const string Append = """ENGINE_ATTRIBUTE='{"merge":"append"}'""";

    private readonly TestClock _clock = new();
    private readonly Database _owner;
    private readonly Database _guest;
    private readonly Session _ownSession;
    private readonly Session _guestSession;
    private readonly QueueConnection _connection;

    public PeerAppendTests()
    {
        _owner = Open(1);
        _guest = Open(2);
        _ownSession = _owner.OpenSession();
        _guestSession = _guest.OpenSession();
        _connection = new QueueConnection(_owner.Sync, _owner.NodeKey.PublicKey, _guest.Sync, _guest.NodeKey.PublicKey);
        Assert.Equal("", SqlNode.Run(_ownSession,
            $"CREATE DATABASE app; USE app; CREATE TABLE s (id INT PRIMARY KEY, code INT UNIQUE, v INT) {Append}; CREATE TABLE t (id INT PRIMARY KEY, v INT)"));
        SqlNode.Run(_guestSession, $"CALL p2pdb.join('{SqlNode.Run(_ownSession, "CALL p2pdb.invite('app', 'write')")}')");
        _connection.Settle();
        Assert.Equal("", SqlNode.Run(_guestSession, "USE app"));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _ownSession.Dispose();
        _guestSession.Dispose();
        _owner.Dispose();
        _guest.Dispose();
    }

    [Fact]
    public void Of_two_rows_of_one_key_the_first_stays()
    {
        Assert.Equal("", SqlNode.Run(_ownSession, "INSERT INTO s VALUES (1, NULL, 10)"));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("", SqlNode.Run(_guestSession, "INSERT INTO s VALUES (1, NULL, 20)"));
        _connection.Settle();

        AssertBoth("10", "SELECT v FROM s");
        AssertBoth("error 1290", "UPDATE s SET v = 30");
        AssertSameDigest();
    }

    [Fact]
    public void A_row_that_was_changed_apart_before_its_table_got_the_policy_keeps_the_change()
    {
        Assert.Equal("", SqlNode.Run(_ownSession, "INSERT INTO t VALUES (1, 1), (2, 2)"));
        _connection.Settle();
        Assert.Equal("", SqlNode.Run(_ownSession, $"ALTER TABLE t {Append}; INSERT INTO t VALUES (3, 3)"));
        Assert.Equal("", SqlNode.Run(_guestSession, "UPDATE t SET v = 9 WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (3, 4); UPDATE t SET v = 5 WHERE id = 3"));
        _connection.Settle();

        AssertBoth("1|9;3|3", "SELECT GROUP_CONCAT(id, '|', v ORDER BY id SEPARATOR ';') FROM t");
        AssertBoth("error 1290", "DELETE FROM t WHERE id = 1");
        AssertSameDigest();
    }

    [Fact]
    public void A_truncate_apart_leaves_what_was_appended()
    {
        Assert.Equal("", SqlNode.Run(_ownSession, "INSERT INTO t VALUES (1, 1)"));
        _connection.Settle();
        Assert.Equal("", SqlNode.Run(_ownSession, $"ALTER TABLE t {Append}; INSERT INTO t VALUES (2, 2)"));
        Assert.Equal("", SqlNode.Run(_guestSession, "TRUNCATE TABLE t"));
        _connection.Settle();

        AssertBoth("2|2", "SELECT * FROM t");
        AssertSameDigest();
    }

    [Fact]
    public void The_key_of_a_row_that_lost_a_unique_key_stays_taken()
    {
        Assert.Equal("", SqlNode.Run(_ownSession, "INSERT INTO s VALUES (1, 7, 10)"));
        Assert.Equal("", SqlNode.Run(_guestSession, "INSERT INTO s VALUES (2, 7, 20)"));
        _connection.Settle();
        string hidden = SqlNode.Run(_ownSession, "SELECT 3 - id FROM s");

        AssertBoth("1", "SELECT COUNT(*) FROM s");
        AssertBoth("error 1062", $"INSERT INTO s VALUES ({hidden}, 8, 30)");
        AssertBoth("error 1062", $"REPLACE INTO s VALUES ({hidden}, 8, 30)");
        AssertBoth("error 1062", $"INSERT INTO s VALUES ({hidden}, 8, 30) ON DUPLICATE KEY UPDATE v = 1");
        AssertSameDigest();

        // It stays when the table is one of ordinary rows again: what was appended does.
        Assert.Equal("", SqlNode.Run(_ownSession, "ALTER TABLE s ENGINE_ATTRIBUTE ''; INSERT INTO s VALUES (9, 9, 9)"));
        _connection.Settle();
        AssertBoth("error 1062", $"INSERT INTO s VALUES ({hidden}, 8, 30)");
        AssertBoth("error 1062", $"UPDATE s SET id = {hidden} WHERE id = 9");
    }

    private void AssertBoth(string expected, string statement)
    {
        Assert.Equal(expected, SqlNode.Run(_ownSession, statement));
        Assert.Equal(expected, SqlNode.Run(_guestSession, statement));
    }

    private void AssertSameDigest()
    {
        const string Digest = "SELECT state_digest FROM p2pdb.databases";
        Assert.Equal(SqlNode.Run(_ownSession, Digest), SqlNode.Run(_guestSession, Digest));
    }

    private Database Open(int seed) => Database.Open("", new DatabaseOptions
    {
        Volume = new MemoryVolume(new Random(seed)),
        HasTicker = false,
        JoinPatience = TimeSpan.Zero,
        Seed = seed,
        TimeProvider = _clock,
    });
}
