using System.Collections.Concurrent;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Statistics;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Execution;

/// <summary>What statements reach of their node: transactions, global variables, sessions, made-up tables, procedures.</summary>
internal sealed class NodeContext(TransactionSource transactions, AccountStore accounts, TimeProvider clock, Random dice)
{
    private readonly Lock _diceGate = new();
    private readonly ConcurrentDictionary<uint, SessionState> _sessions = new();
    private readonly Lock _countersGate = new();
    private readonly StatusCounters _ended = new();
    private int _lastConnectionId;
    private long _openedSessionCount;

    /// <summary>Store, log, commits and locks.</summary>
    public TransactionSource Transactions { get; } = transactions;

    /// <summary>Who may log in, and may do what.</summary>
    public AccountStore Accounts { get; } = accounts;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>Global variables.</summary>
    public GlobalVariables Globals { get; } = new();

    /// <summary>What is known of the tables' data, for choosing between plans.</summary>
    public KnownStatistics Statistics { get; } = new();

    /// <summary>The tables that the node makes up.</summary>
    public VirtualTables VirtualTables { get; } = new();

    /// <summary>The procedures behind CALL p2pdb.*.</summary>
    public BuiltInProcedures Procedures { get; } = new();

    /// <summary>Hears of SET GLOBAL: the engine's own settings follow some variables.</summary>
    public Action<string, string?>? GlobalChanged { get; set; }

    /// <summary>The open sessions.</summary>
    public ICollection<SessionState> Sessions => _sessions.Values;

    /// <summary>Sessions opened since the start.</summary>
    public long OpenedSessionCount => Interlocked.Read(ref _openedSessionCount);

    /// <summary>Sessions that run a statement now.</summary>
    public int RunningSessionCount
    {
        get
        {
            int count = 0;
            foreach (KeyValuePair<uint, SessionState> open in _sessions)
                count += open.Value.CurrentStatement.IsRunning ? 1 : 0;
            return count;
        }
    }

    /// <summary>When the node started, microseconds since 1970 UTC.</summary>
    public long StartMicroseconds { get; } = MicrosecondsOf(clock);

    /// <summary>Now, microseconds since 1970 UTC.</summary>
    public long NowMicroseconds => MicrosecondsOf(Clock);

    /// <summary>Adds a session, under a fresh connection id where none is given.</summary>
    public SessionState OpenSession(string user, string host, uint? connectionId = null, StoredAccount? account = null)
    {
        uint id = connectionId ?? (uint)Interlocked.Increment(ref _lastConnectionId);
        var session = new SessionState(this, id, user, host, account?.Key) { StatementLimits = account?.Limits ?? default };
        _sessions[id] = session;
        Interlocked.Increment(ref _openedSessionCount);
        return session;
    }

    /// <summary>Removes a session.</summary>
    public void CloseSession(SessionState session)
    {
        lock (_countersGate)
        {
            // A connection that changed its user has a newer session under the same id.
            _sessions.TryRemove(KeyValuePair.Create(session.ConnectionId, session));
            _ended.Add(session.Counters);
            session.Counters.Clear();
        }

        if (session.LoginAccount is { } account)
            Accounts.Usage.EndConnection(account);
        session.Dispose();
    }

    /// <summary>What all sessions have counted since the start, ended ones too.</summary>
    public StatusCounters ReadCounters()
    {
        var total = new StatusCounters();
        lock (_countersGate)
        {
            total.Add(_ended);
            foreach (KeyValuePair<uint, SessionState> open in _sessions)
                total.Add(open.Value.Counters);
        }

        return total;
    }

    /// <summary>The session of a connection id, or null.</summary>
    public SessionState? FindSession(uint connectionId) => _sessions.GetValueOrDefault(connectionId);

    /// <summary>A seed for a session's dice.</summary>
    public int NextSeed()
    {
        lock (_diceGate)
            return dice.Next();
    }

    private static long MicrosecondsOf(TimeProvider clock) =>
        (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
