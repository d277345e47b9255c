using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution;

/// <summary>One statement's execution: the session, the views it reads, and how it was stopped. Reused by the session.</summary>
internal sealed class StatementContext(SessionState session)
{
    private readonly ReadView _statementView = new();
    private readonly HashSet<RowStream> _streams = [];
    private bool _hasStatementView;

    /// <summary>The session.</summary>
    public SessionState Session { get; } = session;

    /// <summary>The node.</summary>
    public NodeContext Node => Session.Node;

    /// <summary>The session's transaction.</summary>
    public Transaction Transaction => Session.Transaction;

    /// <summary>What expressions evaluate in.</summary>
    public EvaluationContext Evaluation => Session.Evaluation;

    /// <summary>The memory that the statement's operators hold.</summary>
    public StatementMemory Memory { get; } = new();

    /// <summary>Where they put what they may not hold.</summary>
    public StatementScratch Scratch { get; } = new(session);

    /// <summary>Rows that LIMIT saw, for FOUND_ROWS().</summary>
    public ulong FoundRows { get; set; }

    /// <summary>True where the plan's plain scans belong to a statement that changes rows, and read the newest state.</summary>
    public bool ReadsNewest { get; set; }

    /// <summary>True where the statement's transaction commits only if all that it reads is still the newest: SERIALIZABLE.</summary>
    public bool WatchesReads { get; private set; }

    /// <summary>True once the client has got a part of the answer: the statement cannot be done again unseen.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>Number of the execution: what was computed in an earlier one is stale.</summary>
    public long Execution { get; private set; }

    /// <summary>Where operators note what they do, for EXPLAIN ANALYZE; else null.</summary>
    public PlanMeasures? Measures { get; set; }

    /// <summary>Starts an execution.</summary>
    public void Begin(bool readsNewest)
    {
        Execution++;
        FoundRows = 0;
        HasAnswered = false;
        Memory.Begin(Session.StatementMemoryLengthMax);
        Scratch.CloseAll();   // of an attempt that is done again
        CloseStreams();
        ReadsNewest = readsNewest;
        _hasStatementView = false;
        // A snapshot alone is serial: for a transaction that only reads, and for a query by itself.
        bool onlyReads = Transaction.IsOpen ? Transaction.IsReadOnly : !readsNewest;
        WatchesReads = Transaction.Isolation == IsolationLevel.Serializable && !onlyReads;
        if (WatchesReads && Transaction.Owner.IsDoomed)
            throw SqlErrors.LockDeadlock().ToException();
    }

    /// <summary>Ends an execution.</summary>
    public void End()
    {
        _hasStatementView = false;
        _statementView.Close();
        Scratch.CloseAll();
        CloseStreams();
    }

    /// <summary>Takes a stream that is open: it is closed by <see cref="Close"/>, or with the statement, which may end in the middle of a subquery.</summary>
    public void Keep(RowStream stream) => _streams.Add(stream);

    /// <summary>Closes a stream that <see cref="Keep"/> took, if it is open.</summary>
    public void Close(RowStream stream)
    {
        if (_streams.Remove(stream))
            stream.Dispose();
    }

    /// <summary>The rows that a scan sees.</summary>
    public ReadView ViewFor(ScanLock scanLock)
    {
        if (!ReadsNewest && !WatchesReads && scanLock == ScanLock.None)
            return Transaction.SnapshotView();
        if (!_hasStatementView)
        {
            if (WatchesReads)
                Transaction.StartWatching();
            Transaction.OpenNewest(_statementView);
            _hasStatementView = true;
        }

        return _statementView;
    }

    /// <summary>The newest committed rows under the transaction's changes.</summary>
    public ReadView NewestView() => Transaction.NewestView();

    /// <summary>True when something was committed since a view was opened.</summary>
    public bool HasNewerSnapshot(ReadView view) => Transaction.HasNewerThan(view);

    /// <summary>Ends the statement when somebody killed it.</summary>
    public void ThrowIfStopped()
    {
        if (Session.IsStopped)
            throw SqlErrors.QueryInterrupted().ToException();
    }

    /// <summary>Locks a row; errors 1205, 1213 and 1317 where that fails.</summary>
    public void LockRow(TableSchema table, ReadOnlySpan<byte> key, LockMode mode) =>
        LockFailure.Check(Transaction.Lock(table.RowTree, key, mode));

    /// <summary>
    /// Locks a row as a locking read asks for it; false where another has it and such rows are passed over. Errors as those of
    /// <see cref="LockRow"/>, and 3572 for NOWAIT.
    /// </summary>
    public bool TryLockRow(TableSchema table, ReadOnlySpan<byte> key, LockMode mode, LockWait wait)
    {
        if (wait == LockWait.Wait)
        {
            LockRow(table, key, mode);
            return true;
        }

        LockStatus status = Transaction.Lock(table.RowTree, key, mode, TimeSpan.Zero);
        if (status != LockStatus.TimedOut)
            LockFailure.Check(status);
        else if (wait == LockWait.NoWait)
            throw SqlErrors.LockNoWait().ToException();
        return status == LockStatus.Granted;
    }

    /// <summary>The catalog of a database by its local name, as of now; error 1049 where there is none.</summary>
    public DatabaseSchema DatabaseOf(string name, out Hash256 id)
    {
        if (!Node.Transactions.Databases.TryGetValue(name, out id))
            throw SqlErrors.UnknownDatabase(name).ToException();
        return Node.Transactions.CurrentSchema.Find(id) ?? new DatabaseSchema(id, 0, [], [], [], []);
    }

    /// <summary>The schema that a name without one means; error 1046 where none is chosen.</summary>
    public string SchemaOrChosen(string? schema) =>
        schema ?? Session.Schema ?? throw SqlErrors.NoDatabaseSelected().ToException();

    /// <summary>A replicated table; error 1146 where there is none, 1347 where it is a view.</summary>
    public TableSchema TableOf(string? schema, string name, out Hash256 database)
    {
        string chosen = SchemaOrChosen(schema);
        DatabaseSchema schemaNow = DatabaseOf(chosen, out database);
        return schemaNow.FindTable(name) ?? throw (schemaNow.FindView(name) is null
            ? SqlErrors.NoSuchTable(chosen, name)
            : SqlErrors.WrongObject(chosen, name, "BASE TABLE")).ToException();
    }

    private void CloseStreams()
    {
        foreach (RowStream stream in _streams)
            stream.Dispose();
        _streams.Clear();
    }
}
