using System.Runtime.InteropServices;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Commit;

// One at a time, commits are made: of local transactions, as many together as wait; of a peer's entries, in turns with them; and
// the steps that create, follow and drop databases. There is no commit thread to hand work to: the first caller that finds nobody
// committing leads, does its own work and that of all local commits waiting by then, passes the lead on, and wakes them. One
// writer so pays no switch of threads, many writers share one disk write, and the simulator needs no thread at all.
//
// A local group: check, encode and sign one entry for each touched database, one journal record (durable as the flush mode
// says), then take the entries into the logs, apply them, publish the commit number, answer, and, once durable, tell listeners.
// A transaction that alone fills what gathers between two writes of history has no journal record: it goes to a history file of
// its own, entry by entry, and its parts are read back from there one by one to be applied. It is committed when that file gets
// its name. So no more of it is in memory than an entry or two, however long it is.
//
// A peer's batch: verify and take into the log, one durable journal record, apply, publish, tell.
//
// LOCKS: who leads may take the history gate; who has it asks for no lead. So the lead waits at most for one file.
//
// INVARIANT: nothing is published to peers before it is durable. Nothing is applied before the journal has it. After a failed
// write or sync nobody knows what the disk has: the loop stops for good.

/// <summary>The only caller of apply, and the only one that changes the log.</summary>
internal sealed class CommitLoop : IDisposable
{
    /// <summary>Bytes of changes taken into one group: bounds the memory of a group and how long others wait for it.</summary>
    private const int GroupLengthMax = 16 * 1024 * 1024;

    /// <summary>Bytes of changes from which on a commit asks whether history is far behind: a second of such commits is much memory.</summary>
    private const int LengthToLookAfter = 1024 * 1024;

    /// <summary>Times what makes the tick write history that may gather before those write it who bring more.</summary>
    private const int FarTails = 4;

    private readonly Lock _gate = new();
    private readonly Queue<CommitWork> _local = new();
    private readonly Queue<CommitWork> _others = new();
    private readonly Lock _historyGate = new();
    private readonly CommitSteps _steps;
    private readonly NodeLog _node;
    private readonly ExclusiveWork _tick;
    private bool _isBusy;
    private volatile Exception? _failure;

    /// <summary>Creates the loop over an opened log; <see cref="Recover"/> comes first.</summary>
    public CommitLoop(NodeLog node, IEntryApplier applier, IPublishedListener? listener = null)
    {
        _node = node;
        _steps = new CommitSteps(node, applier, listener);
        _tick = new ExclusiveWork(() =>
        {
            _steps.SyncAndPublish();
            _steps.RetryDelayed();
            _steps.RetryAdmissions();
        });
    }

    /// <summary>When commits are durable; may change at any time, for commits from then on.</summary>
    public FlushMode FlushMode { get; set; } = FlushMode.EachCommit;

    /// <summary>The newest published commit number.</summary>
    public long CommitNumber => _steps.CommitNumber;

    /// <summary>Why the loop stopped, or null while it works.</summary>
    public Exception? Failure => _failure;

    /// <inheritdoc cref="CommitSteps.Recover"/>
    public void Recover(long commitNumber = 0) => Run(() => _steps.Recover(commitNumber));

    /// <summary>Commits a transaction; returns when it is decided, with the answer in the request.</summary>
    public CommitStatus Commit(CommitRequest request)
    {
        request.Status = CommitStatus.Pending;
        Submit(request);
        if (request.Length >= LengthToLookAfter)
            WriteHistoryIfFar();
        return request.Status;
    }

    /// <summary>Takes entries of a peer; returns when those that can be held are durable and applied.</summary>
    public CommitStatus TryAppendRemote(RemoteBatch batch)
    {
        batch.Status = CommitStatus.Stopped;
        batch.Result.Clear();
        Run(() => batch.Status = _steps.AppendRemote(batch));
        WriteHistoryIfFar();
        return batch.Status;
    }

    /// <summary>Creates a database that this node owns, under a local name.</summary>
    public CommitStatus CreateDatabase(string name, out DatabaseLog? created)
    {
        CommitStatus status = CommitStatus.Stopped;
        DatabaseLog? log = null;
        Run(() => status = _steps.Create(name, out log));
        created = log;
        return status;
    }

    /// <summary>Follows a database of others under a local name; nothing is held of it yet.</summary>
    public CommitStatus FollowDatabase(string name, DatabaseId id, out DatabaseLog? followed)
    {
        CommitStatus status = CommitStatus.Stopped;
        DatabaseLog? log = null;
        try
        {
            Run(() =>
            {
                log = _node.FollowAnew(name, id);
                status = log is null ? CommitStatus.NameTaken : CommitStatus.Committed;
            });
        }
        catch (DiskFullException)
        {
            status = CommitStatus.DiskFull;
        }

        followed = log;
        return status;
    }

    /// <summary>Drops a database from this node; peers keep theirs.</summary>
    public CommitStatus DropDatabase(DatabaseId id)
    {
        CommitStatus status = CommitStatus.Stopped;
        Run(() =>
        {
            // History is not written meanwhile: its files go with the database.
            lock (_historyGate)
                status = _steps.Drop(id);
        });
        return status;
    }

    /// <summary>
    /// Commits operations that are chosen while nobody else commits, for those that depend on the newest state of the log:
    /// invites, claims.
    /// </summary>
    public CommitStatus CommitAccess(DatabaseId database, Action<DatabaseLog, AuthorIdentity, ChangeSet> write)
    {
        CommitStatus status = CommitStatus.Stopped;
        Run(() =>
        {
            if (_node.Find(database) is not { } log)
            {
                status = CommitStatus.DatabaseUnknown;
                return;
            }

            using var changes = new ChangeSet();
            changes.Clear(database);
            write(log, _node.Identity.AuthorOf(database), changes);
            status = changes.IsEmpty ? CommitStatus.Refused : _steps.CommitAlone(changes);
        });
        return status;
    }

    /// <summary>
    /// What is done about once a second: the sync of flush modes 2 and 0, delayed entries, open claims, history. Any thread but one at a time.
    /// </summary>
    public void Tick()
    {
        if (_failure is not null)
            return;
        Submit(_tick);
        if (_failure is null && _node.TailLength >= _node.Options.TailLengthMax)
            WriteHistory();
    }

    /// <summary>Runs a step while no commit does.</summary>
    public void RunExclusively(Action step) => Run(step);

    /// <summary>Writes to history what gathered since the last time; commits go on meanwhile.</summary>
    public void WriteHistory()
    {
        long position = 0;
        Run(() => position = _node.Journal.Position);
        if (_failure is not null)
            return;
        try
        {
            lock (_historyGate)
            {
                foreach (DatabaseLog log in _node.Databases)
                    log.WriteHistory();
            }

            Run(() => _node.Journal.Release(position));
        }
        catch (DiskFullException)
        {
            // The journal keeps what history could not take; commits fail once it cannot grow either.
        }
        catch (IOException failure)
        {
            Fail(failure);
        }
    }

    /// <summary>A clean end: everything durable and in history. Later calls are refused.</summary>
    public void Shutdown()
    {
        if (_failure is not null)
            return;
        Run(_steps.SyncAndPublish);
        WriteHistory();
        try
        {
            Run(() =>
            {
                _steps.End();
                // In the same turn: nothing is written after the end.
                Fail(new ObjectDisposedException(nameof(CommitLoop)));
            });
        }
        catch (DiskFullException)
        {
            // All is durable, but not said to be: the next start begins a new life.
            Fail(new ObjectDisposedException(nameof(CommitLoop)));
        }
    }

    /// <summary>Returns the memory to the pool; without <see cref="Shutdown"/> it is like a killed process.</summary>
    public void Dispose()
    {
        Fail(new ObjectDisposedException(nameof(CommitLoop)));
        _steps.Dispose();
    }

    /// <summary>Writes history where much more gathered than the tick waits for: who brings it faster than that waits for it.</summary>
    private void WriteHistoryIfFar()
    {
        if (_failure is null && _node.TailLength >= FarTails * _node.Options.TailLengthMax)
            WriteHistory();
    }

    private void Run(Action step) => Submit(new ExclusiveWork(step));

    private void Submit(CommitWork work)
    {
        work.Prepare();
        bool leads;
        lock (_gate)
        {
            leads = !_isBusy;
            if (leads)
                _isBusy = true;
            else
                (work.IsLocalCommit ? _local : _others).Enqueue(work);
        }

        if (leads || work.WaitForTurn())
            Lead(work);
    }

    private void Lead(CommitWork work)
    {
        try
        {
            if (_failure is not null)
                work.Stop();
            else if (work.IsLocalCommit)
                CommitGroup((CommitRequest)work);
            else
                work.Run();
        }
        catch (DiskFullException) when (!work.IsLocalCommit)
        {
            // Nothing was begun, unless what was promised could not be written; whoever asked sees that it did not happen.
            if (_node.Journal.IsBroken)
                Fail(new IOException("The journal could not be written to its end."));
            work.Stop();
            throw;
        }
        catch (Exception failure)
        {
            Fail(failure);
            work.Stop();
            foreach (CommitRequest request in GroupOf(work))
                request.Stop();
            if (failure is not IOException)
                throw;
        }
        finally
        {
            PassOn(work);
        }
    }

    /// <summary>Commits the work with the local commits that wait by now.</summary>
    private void CommitGroup(CommitRequest first)
    {
        List<CommitRequest> group = first.Group;
        group.Add(first);
        long length = first.Length;
        if (IsLong(first, length))
        {
            lock (_historyGate)
                _steps.CommitLong(first);
            return;
        }

        lock (_gate)
        {
            while (length < GroupLengthMax && _local.TryPeek(out CommitWork? work)
                && work is CommitRequest { MustLeadGroup: false } next && !IsLong(next, next.Length))
            {
                _local.Dequeue();
                group.Add(next);
                length += next.Length;
            }
        }

        _steps.CommitGroup(group, FlushMode);
    }

    /// <summary>True for a transaction that goes to history by itself.</summary>
    private bool IsLong(CommitRequest request, long length) =>
        length >= _node.Options.TailLengthMax && request.OnlyChanges is not null;

    /// <summary>Gives the lead to the next first, who works while this thread wakes those whose commits it made.</summary>
    private void PassOn(CommitWork work)
    {
        CommitWork? next;
        lock (_gate)
        {
            Queue<CommitWork> first = work.IsLocalCommit ? _others : _local;
            Queue<CommitWork> second = work.IsLocalCommit ? _local : _others;
            if (!first.TryDequeue(out next) && !second.TryDequeue(out next))
                _isBusy = false;
        }

        next?.Lead();
        foreach (CommitRequest request in GroupOf(work))
        {
            if (!ReferenceEquals(request, work))
                request.SetDone();
        }

        (work as CommitRequest)?.Group.Clear();
    }

    private static ReadOnlySpan<CommitRequest> GroupOf(CommitWork work) =>
        work is CommitRequest request ? CollectionsMarshal.AsSpan(request.Group) : [];

    private void Fail(Exception failure)
    {
        if (_failure is null)
            _failure = failure;
    }
}
