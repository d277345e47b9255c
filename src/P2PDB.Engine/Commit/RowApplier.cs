using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Commit;

/// <summary>Gives the commit loop's entries to <see cref="Applier"/>, one write of the store for each commit.</summary>
internal sealed class RowApplier(IStore store, Applier applier, IApplyObserver observer) : IEntryApplier
{
    private readonly HashSet<DatabaseId> _open = [];
    private long _commitNumber;
    private long _appliedLength;
    private StoreWriter? _writer;

    /// <summary>Bytes of raw bodies applied since the start: how much a start from here would have to apply again.</summary>
    public long AppliedLength => Interlocked.Read(ref _appliedLength);

    /// <summary>
    /// Goes on with what the store kept at its last checkpoint: databases whose logs began at its marks have their tables again,
    /// what it has of others goes. Publishes one commit and returns its number. Comes first.
    /// </summary>
    public long Restore(RecoveryPoint point, NodeLog node)
    {
        using (StoreSnapshot kept = store.BeginRead())
            _commitNumber = kept.CommitNumber;
        applier.ReserveTrees(point.NextTree);
        Begin();
        foreach (DatabasePoint database in point.Databases)
        {
            if (node.Find(database.Id) is not { Mark: not null } log)
            {
                applier.Discard(database.Id, database.Tables);
                continue;
            }

            Open(log);
            applier.Restore(log.Id, database.Tables);
        }

        Publish(_commitNumber + 1);
        return _commitNumber;
    }

    /// <summary>What goes with a checkpoint of the newest commit. Not while a commit is under way.</summary>
    public RecoveryPoint TakePoint(NodeLog node)
    {
        List<DatabasePoint> databases = [];
        foreach (DatabaseLog log in node.Databases)
        {
            if (log.EntryCount > 0)
                databases.Add(new DatabasePoint(log.Id, log.TakeMark(), applier.PointsOf(log.Id)));
        }

        databases.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return new RecoveryPoint(applier.NextTree, databases);
    }

    /// <inheritdoc/>
    public bool TryReserve(long length) => store.TryReserve(length);

    /// <inheritdoc/>
    public void Begin()
    {
        // An earlier commit that could not be written to the journal began and published nothing.
        _writer?.Dispose();
        _writer = store.BeginWrite();
        applier.Begin(_writer, _commitNumber + 1, observer);
    }

    /// <inheritdoc/>
    public EntryStanding Apply(DatabaseLog log, EntryGroup entries)
    {
        Open(log);
        if (entries.Count == 1)
        {
            Interlocked.Add(ref _appliedLength, entries.BodyLength);
            ApplyStatus status = applier.Apply(log.Id, OriginOf(entries), entries.Body);
            return status == ApplyStatus.Applied ? EntryStanding.Effective : EntryStanding.Void;
        }

        // Read twice: nothing may be merged before all of it is known to be valid, and it may be larger than memory.
        applier.StartGroup();
        for (int i = 0; i < entries.Count; i++)
        {
            if (!entries.TryLoad(i) || !applier.TryValidate(log.Id, entries.Body))
                return EntryStanding.Void;
        }

        if (!applier.EndGroup())
            return EntryStanding.Void;

        applier.StartGroup();
        for (int i = 0; i < entries.Count; i++)
        {
            Invariant.Check(entries.TryLoad(i), "what is merged was validated");
            Interlocked.Add(ref _appliedLength, entries.BodyLength);
            applier.Merge(log.Id, OriginOf(entries), entries.Body);
        }

        return EntryStanding.Effective;
    }

    /// <inheritdoc/>
    public void Drop(DatabaseLog log)
    {
        if (_open.Remove(log.Id))
            applier.Forget(log.Id);
    }

    /// <inheritdoc/>
    public void Publish(long commitNumber)
    {
        Invariant.Check(commitNumber == _commitNumber + 1, "commit numbers grow by one");
        applier.Publish();
        _commitNumber = commitNumber;
        _writer!.Dispose();
        _writer = null;
    }

    private void Open(DatabaseLog log)
    {
        if (_open.Add(log.Id))
            applier.Open(log.Id, new LogChains(log));
    }

    private static EntryOrigin OriginOf(EntryGroup entries)
    {
        EntryReader entry = entries.Entry;
        return new EntryOrigin(entries.Position.Chain, entry.Hlc, entry.Author, entries.Id);
    }
}
