using System.Collections.Concurrent;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Execution;

/// <summary>What statements reach of their node: transactions, global variables, sessions, made-up tables, procedures.</summary>
internal sealed class NodeContext(TransactionSource transactions, TimeProvider clock, Random dice)
{
    private readonly Lock _diceGate = new();
    private readonly ConcurrentDictionary<uint, SessionState> _sessions = new();
    private int _lastConnectionId;
    private long _statementCount;

    /// <summary>Store, log, commits and locks.</summary>
    public TransactionSource Transactions { get; } = transactions;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>Global variables.</summary>
    public GlobalVariables Globals { get; } = new();

    /// <summary>The tables that the node makes up.</summary>
    public VirtualTables VirtualTables { get; } = new();

    /// <summary>The procedures behind CALL p2pdb.*.</summary>
    public BuiltInProcedures Procedures { get; } = new();

    /// <summary>Hears of SET GLOBAL: the engine's own settings follow some variables.</summary>
    public Action<string, string?>? GlobalChanged { get; set; }

    /// <summary>The open sessions.</summary>
    public ICollection<SessionState> Sessions => _sessions.Values;

    /// <summary>Statements executed since the start.</summary>
    public long StatementCount => Interlocked.Read(ref _statementCount);

    /// <summary>When the node started, microseconds since 1970 UTC.</summary>
    public long StartMicroseconds { get; } = MicrosecondsOf(clock);

    /// <summary>Now, microseconds since 1970 UTC.</summary>
    public long NowMicroseconds => MicrosecondsOf(Clock);

    /// <summary>Adds a session, under a fresh connection id where none is given.</summary>
    public SessionState OpenSession(string user, string host, uint? connectionId = null)
    {
        uint id = connectionId ?? (uint)Interlocked.Increment(ref _lastConnectionId);
        var session = new SessionState(this, id, user, host);
        _sessions[id] = session;
        return session;
    }

    /// <summary>Removes a session.</summary>
    public void CloseSession(SessionState session)
    {
        // A connection that changed its user has a newer session under the same id.
        _sessions.TryRemove(KeyValuePair.Create(session.ConnectionId, session));
        session.Dispose();
    }

    /// <summary>The session of a connection id, or null.</summary>
    public SessionState? FindSession(uint connectionId) => _sessions.GetValueOrDefault(connectionId);

    /// <summary>Counts a statement.</summary>
    public void CountStatement() => Interlocked.Increment(ref _statementCount);

    /// <summary>A seed for a session's dice.</summary>
    public int NextSeed()
    {
        lock (_diceGate)
            return dice.Next();
    }

    private static long MicrosecondsOf(TimeProvider clock) =>
        (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
