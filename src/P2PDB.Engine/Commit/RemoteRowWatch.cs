using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>
/// Notes which rows peers' entries change while somebody may have them locked, and tells it once they are visible. Rows that
/// this node's own entries change are locked by whoever commits, so nobody else needs to know.
/// </summary>
internal sealed class RemoteRowWatch : IEntryApplier, IApplyObserver
{
    private readonly List<(TreeId Tree, byte[] Key)> _changed = [];
    private readonly RowApplier _inner;
    private bool _isWatching;

    /// <summary>Watches the applier of a store.</summary>
    public RemoteRowWatch(IStore store, Applier applier) => _inner = new RowApplier(store, applier, this);

    /// <summary>Hears of each row, after it is visible: tree and key.</summary>
    public Action<TreeId, byte[]>? Changed { get; set; }

    /// <summary>Says whether anything is locked at this moment.</summary>
    public Func<bool>? HasLocks { get; set; }

    /// <inheritdoc cref="RowApplier.AppliedLength"/>
    public long AppliedLength => _inner.AppliedLength;

    /// <inheritdoc cref="RowApplier.Restore"/>
    public long Restore(RecoveryPoint point, NodeLog node) => _inner.Restore(point, node);

    /// <inheritdoc cref="RowApplier.TakePoint"/>
    public RecoveryPoint TakePoint(NodeLog node) => _inner.TakePoint(node);

    /// <inheritdoc/>
    public bool TryReserve(long length) => _inner.TryReserve(length);

    /// <inheritdoc/>
    public void Begin() => _inner.Begin();

    /// <inheritdoc/>
    public EntryStanding Apply(DatabaseLog log, EntryGroup entries)
    {
        _isWatching = entries.EntryAt(0).Author != log.OwnAuthor && HasLocks?.Invoke() == true;
        return _inner.Apply(log, entries);
    }

    /// <inheritdoc/>
    public void Publish(long commitNumber)
    {
        _inner.Publish(commitNumber);
        foreach ((TreeId tree, byte[] key) in _changed)
            Changed?.Invoke(tree, key);
        _changed.Clear();
    }

    /// <inheritdoc/>
    public void Drop(DatabaseLog log) => _inner.Drop(log);

    /// <inheritdoc/>
    public void RowChanged(
        TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (!_isWatching)
            return;
        _changed.Add((table.RowTree, primaryKey.ToArray()));
        if (!before.IsEmpty)
            NoteKeys(table, before, after);
    }

    /// <inheritdoc/>
    public void TableEmptied(TableSchema table)
    {
    }

    /// <inheritdoc/>
    public void TableChanged(TableId table, TableSchema? before, TableSchema? after)
    {
    }

    /// <summary>Notes the unique keys that a row gave up: who wrote a row that references one has locked the key.</summary>
    private void NoteKeys(TableSchema table, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        using var key = new ByteWriter();
        foreach (IndexSchema index in table.Indexes)
        {
            if (!index.IsUnique)
                continue;
            key.Clear();
            AppendKey(key, table, index, before);
            int length = key.Length;
            if (!after.IsEmpty)
                AppendKey(key, table, index, after);
            if (!key.Written[..length].SequenceEqual(key.Written[length..]))
                _changed.Add((index.Tree, key.Written[..length].ToArray()));
        }
    }

    private static void AppendKey(ByteWriter key, TableSchema table, IndexSchema index, ReadOnlySpan<byte> record)
    {
        StoredRow row = StoredRow.Read(record);
        IndexKeys.Append(key, table, index, table.Map(row.LayoutNumber), row.Image);
    }
}
