using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>Constraints of a database that two nodes share: the definitions go along, and each writer keeps them as far as it knows.</summary>
public sealed class PeerConstraintTests : IDisposable
{
    private readonly Database _owner = Open(1);
    private readonly Database _guest = Open(2);
    private readonly Session _ownSession;
    private readonly Session _guestSession;
    private readonly QueueConnection _connection;

    public PeerConstraintTests()
    {
        _ownSession = _owner.OpenSession();
        _guestSession = _guest.OpenSession();
        _connection = new QueueConnection(_owner.Sync, _owner.NodeKey.PublicKey, _guest.Sync, _guest.NodeKey.PublicKey);
        Assert.Equal("", SqlNode.Run(_ownSession, "CREATE DATABASE app; USE app; CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE);"
            + "CREATE TABLE c (id INT PRIMARY KEY, pid INT, code INT CHECK (code <> 13), FOREIGN KEY (pid) REFERENCES p (id), FOREIGN KEY (code) REFERENCES p (code));"
            + "INSERT INTO p VALUES (1, 10), (2, 20)"));
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
    public void Definitions_reach_the_peer_and_bind_it()
    {
        Assert.Equal(SqlNode.Run(_ownSession, "SHOW CREATE TABLE c"), SqlNode.Run(_guestSession, "SHOW CREATE TABLE c"));
        Assert.Equal("error 1452", SqlNode.Run(_guestSession, "INSERT INTO c VALUES (1, 9, NULL)"));
        Assert.Equal("error 3819", SqlNode.Run(_guestSession, "INSERT INTO c VALUES (1, 1, 13)"));
        Assert.Equal("", SqlNode.Run(_guestSession, "INSERT INTO c VALUES (1, 1, 10)"));
        _connection.Settle();
        Assert.Equal("error 1451", SqlNode.Run(_ownSession, "DELETE FROM p WHERE id = 1"));
    }

    [Theory]
    [InlineData("INSERT INTO c VALUES (1, 1, NULL)", "DELETE FROM p WHERE id = 1")]
    [InlineData("INSERT INTO c VALUES (1, NULL, 10)", "DELETE FROM p WHERE id = 1")]
    [InlineData("INSERT INTO c VALUES (1, NULL, 10)", "UPDATE p SET code = 11 WHERE id = 1")]
    public void Who_relies_on_a_parent_that_a_peer_takes_away_fails(string child, string parent)
    {
        Assert.Equal("", SqlNode.Run(_guestSession, "BEGIN;" + child));
        Assert.Equal("", SqlNode.Run(_ownSession, parent));
        _connection.Settle();

        Assert.Equal("error 1213", SqlNode.Run(_guestSession, "COMMIT"));
        Assert.Equal("0", SqlNode.Run(_guestSession, "SELECT COUNT(*) FROM c"));
    }

    [Fact]
    public void What_peers_write_apart_may_leave_an_orphan_on_both_alike()
    {
        Assert.Equal("", SqlNode.Run(_guestSession, "INSERT INTO c VALUES (1, 1, 10)"));
        Assert.Equal("", SqlNode.Run(_ownSession, "DELETE FROM p WHERE id = 1"));
        _connection.Settle();

        Assert.Equal("1|1|10", SqlNode.Run(_ownSession, "SELECT * FROM c"));
        Assert.Equal("1|1|10", SqlNode.Run(_guestSession, "SELECT * FROM c"));
        Assert.Equal(SqlNode.Run(_ownSession, "SELECT state_digest FROM p2pdb.databases"), SqlNode.Run(_guestSession, "SELECT state_digest FROM p2pdb.databases"));
    }

    private static Database Open(int seed) => Database.Open("", new DatabaseOptions
    {
        Volume = new MemoryVolume(new Random(seed)),
        HasTicker = false,
        JoinPatience = TimeSpan.Zero,
        Seed = seed,
    });
}
