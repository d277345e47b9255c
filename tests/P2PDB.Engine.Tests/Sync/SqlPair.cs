using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Commit;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>
/// Two nodes on volumes in memory that share the database <c>app</c>, a session on each, and meet when they are told to. Their one clock
/// moves with each call only, so what is written later is later on whichever node.
/// </summary>
internal sealed class SqlPair : IDisposable
{
    private readonly Session _ownSession;
    private readonly Session _guestSession;
    private readonly QueueConnection _connection;

    /// <summary>The owner makes the database and runs the statements; then the guest joins.</summary>
    public SqlPair(string statements)
    {
        Owner = Open(1);
        Guest = Open(2);
        _ownSession = Owner.OpenSession();
        _guestSession = Guest.OpenSession();
        _connection = new QueueConnection(Owner.Sync, Owner.NodeKey.PublicKey, Guest.Sync, Guest.NodeKey.PublicKey);
        Assert.Equal("", RunAtOwner("CREATE DATABASE app; USE app; " + statements));
        RunAtGuest($"CALL p2pdb.join('{RunAtOwner("CALL p2pdb.invite('app', 'write')")}')");
        Meet();
        Assert.Equal("", RunAtGuest("USE app"));
    }

    public Database Owner { get; }

    public Database Guest { get; }

    public TestClock Clock { get; } = new();

    /// <summary>Runs statements at the owner; rows and errors as <see cref="TextSink"/> has them.</summary>
    public string RunAtOwner(string sql) => Run(_ownSession, sql);

    /// <summary>As <see cref="RunAtOwner"/>, at the guest.</summary>
    public string RunAtGuest(string sql) => Run(_guestSession, sql);

    /// <summary>Lets them exchange all that they have.</summary>
    public void Meet() => _connection.Settle();

    /// <summary>Lets the owner hear what the guest has; what it says itself waits.</summary>
    public void HearGuest()
    {
        _connection.Waiting = 0;
        _connection.Settle();
        _connection.Waiting = -1;
    }

    /// <summary>Checks that both answer a statement alike.</summary>
    public void AssertBoth(string expected, string sql)
    {
        Assert.Equal(expected, RunAtOwner(sql));
        Assert.Equal(expected, RunAtGuest(sql));
    }

    /// <summary>Checks that both have the same state.</summary>
    public void AssertSameState()
    {
        const string Digest = "SELECT state_digest FROM p2pdb.databases WHERE name = 'app'";
        Assert.Equal(RunAtOwner(Digest), RunAtGuest(Digest));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _ownSession.Dispose();
        _guestSession.Dispose();
        Owner.Dispose();
        Guest.Dispose();
    }

    private string Run(Session session, string sql)
    {
        Clock.Now += TimeSpan.FromSeconds(1);
        return SqlNode.Run(session, sql);
    }

    private Database Open(int seed) => Database.Open("", new DatabaseOptions
    {
        Volume = new MemoryVolume(new Random(seed)),
        TimeProvider = Clock,
        HasTicker = false,
        JoinPatience = TimeSpan.Zero,
        Seed = seed,
    });
}
