using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Commit;

/// <summary>Gives the commit loop's entries to <see cref="Applier"/>, one write of the store for each commit.</summary>
internal sealed class RowApplier(IStore store, Applier applier, IApplyObserver observer) : IEntryApplier
{
    private readonly HashSet<DatabaseId> _open = [];
    private long _commitNumber;
    private StoreWriter? _writer;

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
        if (_open.Add(log.Id))
            applier.Open(log.Id, new LogChains(log));

        if (entries.Count == 1)
        {
            ApplyStatus status = applier.Apply(log.Id, OriginOf(log, entries, 0), entries.BodyAt(0));
            return status == ApplyStatus.Applied ? EntryStanding.Effective : EntryStanding.Void;
        }

        applier.StartGroup();
        for (int i = 0; i < entries.Count; i++)
        {
            if (!applier.TryValidate(log.Id, entries.BodyAt(i)))
                return EntryStanding.Void;
        }

        if (!applier.EndGroup())
            return EntryStanding.Void;

        applier.StartGroup();
        for (int i = 0; i < entries.Count; i++)
            applier.Merge(log.Id, OriginOf(log, entries, i), entries.BodyAt(i));
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

    private static EntryOrigin OriginOf(DatabaseLog log, EntryGroup entries, int index)
    {
        EntryReader entry = entries.EntryAt(index);
        return new EntryOrigin(entries.PositionAt(index).Chain, entry.Hlc, entry.Author, entries.IdAt(index));
    }
}
