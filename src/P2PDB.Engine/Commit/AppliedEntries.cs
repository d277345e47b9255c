using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Commit;

/// <summary>
/// Joins the commit loop to Apply: gives it the entries, the write of the store and the chains, and collects what entries of
/// peers changed, to be told once it is published.
/// </summary>
internal sealed class AppliedEntries(IStore store, Applier applier) : IEntryApplier, IApplyObserver, IDisposable
{
    /// <summary>Past this many rows of one batch the whole table is named instead.</summary>
    private const int CollectedCountMax = 1 << 16;

    private readonly HashSet<DatabaseId> _open = [];
    private readonly List<(TreeId Tree, byte[] Key)> _changed = [];
    private StoreWriter? _writer;
    private long _commitNumber;
    private bool _isRemote;

    /// <summary>Hears of each row that a peer's entry changed, after it is visible: tree and key of the row.</summary>
    public Action<TreeId, byte[]>? RemotelyChanged { get; set; }

    /// <summary>True where local transactions hold locks, so that collecting changes is worth while.</summary>
    public Func<bool>? HasLocks { get; set; }

    /// <inheritdoc/>
    public void Begin()
    {
        _writer = store.BeginWrite();
        applier.Begin(_writer, ++_commitNumber, this);
    }

    /// <inheritdoc/>
    public EntryStanding Apply(DatabaseLog log, EntryGroup entries)
    {
        if (_open.Add(log.Id))
            applier.Open(log.Id, new LogChains(log));
        _isRemote = entries.EntryAt(0).Author != log.OwnAuthor && HasLocks?.Invoke() == true;
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
        {
            EntryReader entry = entries.EntryAt(i);
            var origin = new EntryOrigin(entries.PositionAt(i).Chain, entry.Hlc, entry.Author, entries.IdAt(i));
            applier.Merge(log.Id, origin, entries.BodyAt(i));
        }

        return EntryStanding.Effective;
    }

    /// <inheritdoc/>
    public void Publish(long commitNumber)
    {
        applier.Publish();
        _writer?.Dispose();
        _writer = null;
        foreach ((TreeId tree, byte[] key) in _changed)
            RemotelyChanged?.Invoke(tree, key);
        _changed.Clear();
    }

    /// <inheritdoc/>
    public void Drop(DatabaseLog log)
    {
        if (_open.Remove(log.Id))
            applier.Forget(log.Id);
    }

    /// <inheritdoc/>
    public void RowChanged(
        TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (_isRemote && _changed.Count < CollectedCountMax)
            _changed.Add((table.RowTree, primaryKey.ToArray()));
    }

    /// <inheritdoc/>
    public void TableEmptied(TableSchema table)
    {
    }

    /// <inheritdoc/>
    public void TableChanged(TableId table, TableSchema? before, TableSchema? after)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        applier.Dispose();
    }
}
