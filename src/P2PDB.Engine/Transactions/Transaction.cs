using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Transactions;

// TRANSACTION
//
// Changes go to two places: to the write set, which later reads of the transaction lay over the store, and, as operations
// of a log entry, to one change set per touched database, which the commit encodes. Nothing reaches the store before.
//
// Plain reads see the snapshot taken at the first of them (REPEATABLE READ) or anew for each statement (READ COMMITTED).
// What changes rows, or locks them, reads the newest committed state instead, after the lock is held, as InnoDB does.
// SERIALIZABLE reads the newest state everywhere, and commits only if all it read is still the newest (RangeWatch).

/// <summary>One session's transaction; the session uses the same object again for the next one.</summary>
internal sealed class Transaction : IDisposable
{
    private readonly TransactionSource _source;
    private readonly List<ChangeSet> _changes = [];
    private readonly List<(Hash256 Database, TableSchema Table)> _written = [];
    private readonly Stack<ChangeSet> _spareChanges = new();
    private readonly TransactionCommit _commit;
    private readonly List<(string Name, Savepoint State)> _savepoints = [];
    private readonly ReadView _snapshotView = new();
    private readonly ReadView _newestView = new();
    private uint _hiddenKeyCount;
    private HlcTimestamp _hiddenKeyTime;

    /// <summary>Makes a session's transaction, not started.</summary>
    public Transaction(TransactionSource source)
    {
        _source = source;
        Writes = new WriteSet(source.Scratch, source.WritesInMemory);
        _commit = new TransactionCommit(Owner);
    }

    /// <summary>The transaction's locks.</summary>
    public LockOwner Owner { get; } = new();

    /// <summary>What it changed.</summary>
    public WriteSet Writes { get; }

    /// <summary>The statement that it runs, for the log.</summary>
    public StatementRemark Remark { get; } = new();

    /// <summary>True between BEGIN, or the first statement without autocommit, and the end.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True for START TRANSACTION READ ONLY.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>What it sees of others; of a lone statement too.</summary>
    public IsolationLevel Isolation { get; set; } = IsolationLevel.RepeatableRead;

    /// <summary>True once the transaction has told that it reads by range.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>How long to wait for a lock.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>True where there is something to commit.</summary>
    public bool HasChanges => _changes.Count > 0;

    /// <summary>
    /// True where a table that the transaction wrote to has another definition by now: the write set has its rows as they were, without keys
    /// in indexes that came since.
    /// </summary>
    public bool HasStaleWrites
    {
        get
        {
            foreach ((Hash256 database, TableSchema table) in _written)
            {
                if (!ReferenceEquals(_source.CurrentSchema.Find(database)?.FindTable(table.Id), table))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Starts. Locks and changes of an earlier one must have ended.</summary>
    public void Begin(bool isReadOnly, IsolationLevel isolation)
    {
        IsOpen = true;
        IsReadOnly = isReadOnly;
        Isolation = isolation;
    }

    /// <summary>What plain reads see.</summary>
    public ReadView SnapshotView()
    {
        if (!_snapshotView.IsOpen)
            _snapshotView.Open(_source.Store.BeginRead(), Writes);
        return _snapshotView;
    }

    /// <summary>What changing and locking statements see: the newest committed state under the transaction's own changes.</summary>
    public ReadView NewestView()
    {
        if (_source.Faults.ReadsSnapshotUnderLock && IsOpen)
            return SnapshotView();
        _newestView.Open(_source.Store.BeginRead(), Writes);
        return _newestView;
    }

    /// <summary>A view of the newest state that stays as it is while later ones are asked for.</summary>
    public void OpenNewest(ReadView view) => view.Open(_source.Store.BeginRead(), Writes);

    /// <summary>A view of what plain reads see that stays as it is, whatever becomes of the transaction; cursors are opened over it now.</summary>
    public void OpenSnapshot(ReadView view) => view.Open(SnapshotView().Snapshot.Hold(), Writes);

    /// <summary>From now on the node notes changes for the transaction: comes before the view whose ranges it names.</summary>
    public void StartWatching()
    {
        if (IsWatching)
            return;
        IsWatching = true;
        _source.Ranges.Enter(Owner);
    }

    /// <summary>Names a range that was read in a view; an empty end is that of the tree.</summary>
    public void WatchRange(ReadView view, TreeId tree, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end) =>
        _source.Ranges.Watch(Owner, tree, start, end, view.Snapshot.CommitNumber);

    /// <summary>Names one key that was read in a view.</summary>
    public void WatchPoint(ReadView view, TreeId tree, ReadOnlySpan<byte> key)
    {
        // What comes right after a key, in the order of bytes, is the key with a zero behind it.
        byte[] end = new byte[key.Length + 1];
        key.CopyTo(end);
        WatchRange(view, tree, key, end);
    }

    /// <summary>True when something was committed since the view was opened.</summary>
    public bool HasNewerThan(ReadView view)
    {
        if (_source.Faults.IsRecheckOff)
            return false;
        using StoreSnapshot current = _source.Store.BeginRead();
        return current.CommitNumber != view.Snapshot.CommitNumber;
    }

    /// <summary>
    /// Ends a statement, and its marks: READ COMMITTED, and statements that commit by themselves, see new rows in the next one.
    /// </summary>
    public void EndStatement()
    {
        EndMarks();
        if (_source.Faults.EndsLocksWithStatement)
            _source.Locks.ReleaseAll(Owner);
        if (IsOpen && Isolation >= IsolationLevel.RepeatableRead && !_source.Faults.IsSnapshotRenewed)
            return;
        CloseViews();
    }

    /// <summary>Locks a key, waiting if need be.</summary>
    public LockStatus Lock(TreeId tree, ReadOnlySpan<byte> key, LockMode mode) =>
        _source.Locks.Acquire(Owner, KeyLocks.NameOf(tree.Value, key), mode, LockTimeout);

    /// <summary>Locks a key, waiting at most <paramref name="timeout"/>.</summary>
    public LockStatus Lock(TreeId tree, ReadOnlySpan<byte> key, LockMode mode, TimeSpan timeout) =>
        _source.Locks.Acquire(Owner, KeyLocks.NameOf(tree.Value, key), mode, timeout);

    /// <summary>Ends a wait for a lock from another thread.</summary>
    public void Interrupt() => _source.Locks.Interrupt(Owner);

    /// <summary>The operations for one database.</summary>
    public ChangeSet ChangesOf(Hash256 id)
    {
        var database = new DatabaseId(id);
        foreach (ChangeSet known in _changes)
        {
            if (known.Database == database)
                return known;
        }

        ChangeSet changes = _spareChanges.Count > 0 ? _spareChanges.Pop() : new ChangeSet(_source.Scratch, _source.ChangesInMemory, Remark);
        changes.Clear(database);
        _changes.Add(changes);
        return changes;
    }

    /// <summary>Takes note that rows of a table are written.</summary>
    public void NoteWritten(Hash256 database, TableSchema table)
    {
        for (int i = _written.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_written[i].Table, table))
                return;
        }

        _written.Add((database, table));
    }

    /// <summary>
    /// Adds a definition to the transaction. Error 1105 for one that no node would accept: it would make void whatever is
    /// committed with it.
    /// </summary>
    public void Define(Hash256 database, DefinitionKind kind, ReadOnlySpan<byte> payload)
    {
        if (!DatabaseState.IsValid(database, kind, payload))
            throw SqlErrors.UnknownError("The definition is larger than the log can hold").ToException();
        ChangesOf(database).Write((OpKind)kind, payload);
    }

    /// <summary>
    /// Copies the newest committed record of a row, whatever became of the row; false where there is none. The row's key is locked.
    /// </summary>
    public bool TryGetCommitted(TableSchema table, ReadOnlySpan<byte> key, RecordBuffer record)
    {
        using StoreSnapshot current = _source.Store.BeginRead();
        return current.TryGet(table.RowTree, key, record);
    }

    /// <summary>The author whose changes of a database this node's are; zero where it is none yet.</summary>
    public AuthorKey OwnAuthor(Hash256 database) => _source.Log.Find(new DatabaseId(database))?.OwnAuthor ?? default;

    /// <summary>The author of a chain of a database, by this node's number.</summary>
    public AuthorKey AuthorOf(Hash256 database, int chain) =>
        _source.Log.Find(new DatabaseId(database))?.AuthorOf(chain) ?? default;

    /// <summary>A key for a row of a table without a primary key, of <see cref="HiddenKey.Length"/> bytes.</summary>
    public void WriteHiddenKey(Hash256 database, Span<byte> target)
    {
        if (_hiddenKeyCount == 0)
            _hiddenKeyTime = _source.Log.Clock.Next();
        AuthorKey author = _source.Log.Find(new DatabaseId(database))?.OwnAuthor ?? default;
        HiddenKey.Write(target, _hiddenKeyTime, author.Key, _hiddenKeyCount++);
    }

    /// <summary>
    /// Gives out the next AUTO_INCREMENT value of a table, one of this node's class; false when it would exceed
    /// <paramref name="max"/>.
    /// </summary>
    /// <exception cref="IOException">The disk takes no reservation of values.</exception>
    public bool TryNextGenerated(Hash256 database, TableSchema table, ulong max, out ulong value)
    {
        var id = new DatabaseId(database);
        ResidueClass own = _source.Log.Find(id)?.OwnMember?.Classes.Active ?? ResidueClass.Whole;
        return _source.GeneratedKeys.TryNext(id, table, own, max, out value);
    }

    /// <summary>The state now.</summary>
    public Savepoint Mark()
    {
        if (_changes.Count == 0)
            return new Savepoint(Writes.Mark(), []);
        var marks = new KeyValuePair<DatabaseId, ChangeSetMark>[_changes.Count];
        for (int i = 0; i < marks.Length; i++)
            marks[i] = new(_changes[i].Database, _changes[i].Mark());
        return new Savepoint(Writes.Mark(), marks);
    }

    /// <summary>Goes back to an earlier state; locks stay.</summary>
    public void Rewind(in Savepoint savepoint)
    {
        Writes.Rewind(savepoint.Writes);
        if (_source.Faults.KeepsWhatIsTakenBack)
            return;
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            ChangeSet changes = _changes[i];
            ChangeSetMark? mark = null;
            foreach ((DatabaseId database, ChangeSetMark known) in savepoint.Changes)
            {
                if (database == changes.Database)
                    mark = known;
            }

            if (mark is { } found)
            {
                changes.Rewind(found);
                continue;
            }

            _changes.RemoveAt(i);
            Spare(changes);
        }
    }

    /// <summary>SAVEPOINT name: replaces one of that name.</summary>
    public void SetSavepoint(string name)
    {
        ReleaseSavepoint(name);
        _savepoints.Add((name, Mark()));
    }

    /// <summary>ROLLBACK TO name; false when there is none.</summary>
    public bool RollbackTo(string name)
    {
        int index = IndexOfSavepoint(name);
        if (index < 0)
            return false;
        Rewind(_savepoints[index].State);
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
        return true;
    }

    /// <summary>RELEASE SAVEPOINT name, and all set after it; false when there is none.</summary>
    public bool ReleaseSavepoint(string name)
    {
        int index = IndexOfSavepoint(name);
        if (index < 0)
            return false;
        _savepoints.RemoveRange(index, _savepoints.Count - index);
        return true;
    }

    /// <summary>Commits and ends; a refusal rolls back.</summary>
    public CommitOutcome Commit()
    {
        CommitStatus status = CommitStatus.Committed;
        _commit.Changes.Clear();
        foreach (ChangeSet changes in _changes)
        {
            if (!changes.IsEmpty)
                _commit.Changes.Add(changes);
        }

        _commit.LeadsGroup = IsWatching;
        if (_commit.Changes.Count > 0)
            status = _source.Commits.Commit(_commit);
        else if (IsWatching)
            status = ConfirmReads();

        End();
        return TransactionSource.OutcomeOf(status);
    }

    /// <summary>Forgets all changes and ends.</summary>
    public void Rollback() => End();

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        foreach (ChangeSet changes in _spareChanges)
            changes.Dispose();
        Remark.Dispose();
        Owner.Dispose();
    }

    private void End()
    {
        if (IsWatching)
            _source.Ranges.Leave(Owner);
        IsWatching = false;
        _source.Locks.ReleaseAll(Owner);
        Writes.Clear();
        foreach (ChangeSet changes in _changes)
            Spare(changes);
        _changes.Clear();
        _written.Clear();
        _savepoints.Clear();
        _hiddenKeyCount = 0;
        CloseViews();
        IsOpen = false;
        IsReadOnly = false;
    }

    /// <summary>Keeps an emptied set for later changes; what it had on the disk goes now.</summary>
    private void Spare(ChangeSet changes)
    {
        changes.Clear(default);
        _spareChanges.Push(changes);
    }

    /// <summary>What was read is true if nothing has doomed it by a turn of its own among the commits.</summary>
    private CommitStatus ConfirmReads()
    {
        CommitStatus status = CommitStatus.Committed;
        _source.Commits.RunExclusively(() => status = Owner.IsDoomed ? CommitStatus.Refused : CommitStatus.Committed);
        return status;
    }

    /// <summary>Of all marks, those of savepoints stay.</summary>
    private void EndMarks()
    {
        if (Writes.KeepsForMarks)
            Writes.EndMarks([.. _savepoints.ConvertAll(static savepoint => savepoint.State.Writes.Number)]);
    }

    private void CloseViews()
    {
        _snapshotView.Close();
        _newestView.Close();
    }

    private int IndexOfSavepoint(string name)
    {
        for (int i = _savepoints.Count - 1; i >= 0; i--)
        {
            if (string.Equals(_savepoints[i].Name, name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}
