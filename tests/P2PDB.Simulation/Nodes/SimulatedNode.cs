using P2PDB.Engine;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Sync;

namespace P2PDB.Simulation.Nodes;

/// <summary>
/// A whole node in one thread: the real database on a simulated disk and a simulated clock, with two clients. Small limits make
/// history files, several journal segments, parts and chunks common.
/// </summary>
internal sealed class SimulatedNode : IPeerNetwork, IDisposable
{
    public const string DatabaseName = "app";

    private static readonly SyncSizes SmallFrames = new() { EntriesLengthTarget = 4_000, PushLengthMax = 3_000, ItemCountMax = 2 };

    private readonly string _name;
    private readonly Random _dice;
    private readonly DatabaseOptions _options;
    private SimulatedSession[] _sessions = [];

    public SimulatedNode(string name, SimulatedTime time, Random dice, ClusterOptions options, MemoryVolume? volume = null)
    {
        _name = name;
        _dice = dice;
        Clock = new NodeClock(time);
        Volume = volume ?? new MemoryVolume(new Random(dice.Next()));
        _options = new DatabaseOptions
        {
            TimeProvider = Clock,
            KeySource = dice.NextBytes,
            HasTicker = false,
            Journal = new JournalOptions { SegmentLength = 64 * 1024 },
            TailLengthMax = 24 * 1024,
            BodyLengthMax = 4 * 1024,
            JoinPatience = TimeSpan.Zero,
            SyncSizes = dice.Next(2) == 0 ? SyncSizes.Usual : SmallFrames,
            MergeFaults = options.Merge,
            LogFaults = options.Log,
            Store = options.HasPages && name != "B" ? StoreKind.File : StoreKind.Memory,
            StoreMemory = 16L << 20,
            CheckpointInterval = 4 * 1024,
        };
    }

    public NodeClock Clock { get; }

    public MemoryVolume Volume { get; private set; }

    /// <summary>The open database; null while the node is down.</summary>
    public Database? Database { get; private set; }

    public bool IsUp => Database is not null;

    /// <summary>When commits are durable, as <c>innodb_flush_log_at_trx_commit</c>; a restart goes back to 1.</summary>
    public int FlushMode { get; private set; } = 1;

    /// <summary>The node's clients, while it is up.</summary>
    public IReadOnlyList<SimulatedSession> Sessions => _sessions;

    /// <summary>The log of the shared database, once the node follows it.</summary>
    public DatabaseLog? Log => Database?.Log.Databases is [DatabaseLog only, ..] ? only : null;

    /// <summary>True where the node may write.</summary>
    public bool IsMember => Log is { } log && log.Access.FindNode(Database!.NodeKey.PublicKey) is not null;

    /// <summary>True where a peer refused the invitation that the node joins with: it was used, or those who made it have lost it.</summary>
    public bool IsRefused => Log is { } log && !IsMember && Database!.Sync.TryFind(log.Id, out SharedDatabase? shared)
        && shared.Joining is { State: JoinState.Refused };

    public IReadOnlyList<string> Addresses => [$"simulated/{_name}"];

    public IReadOnlyList<PeerStatus> Peers => [];

    public bool TryKeep(IReadOnlyList<string> addresses) => true;

    public bool TryLetGo(string peer) => false;

    /// <summary>Starts the process. The power may go meanwhile: then the node stays down.</summary>
    public void Start(long callsToPowerLoss = -1)
    {
        Volume.Restart();
        Volume.LosePowerAfter(callsToPowerLoss);
        FlushMode = 1;
        try
        {
            Database = Database.Open("", _options with { Volume = Volume, Seed = _dice.Next() });
        }
        catch (IOException) when (Volume.IsDown)
        {
            return;
        }

        Database.Network = this;
        _sessions = [new SimulatedSession(this, Database.OpenSession()), new SimulatedSession(this, Database.OpenSession())];
        UseDatabase();
    }

    /// <summary>Ends the process: cleanly, or, where the disk is down, as it would have ended.</summary>
    public void Stop()
    {
        Array.ForEach(_sessions, session => session.Dispose());
        _sessions = [];
        Database?.Dispose();
        Database = null;
    }

    /// <summary>Puts another disk into the stopped node.</summary>
    public void Replace(MemoryVolume volume) => Volume = volume;

    public void SetFlushMode(int mode)
    {
        FlushMode = mode;
        _sessions[0].Execute($"SET GLOBAL innodb_flush_log_at_trx_commit = {mode}");
    }

    /// <summary>Makes the shared database that of all sessions, once it is there.</summary>
    public void UseDatabase()
    {
        if (Log is null)
            return;
        foreach (SimulatedSession session in _sessions)
            session.Use(DatabaseName);
    }

    /// <summary>What the node does about once a second.</summary>
    public void Tick()
    {
        try
        {
            Database!.Tick();
        }
        catch (IOException) when (Volume.IsDown)
        {
            // The end of this process.
        }
    }

    /// <summary>The schema that a snapshot is of.</summary>
    public DatabaseSchema? SchemaOf(StoreSnapshot snapshot) => (snapshot.Companion as NodeSchema)?.Find(Log!.Id.Hash);

    public void Dispose() => Stop();

    public override string ToString() => _name;
}
