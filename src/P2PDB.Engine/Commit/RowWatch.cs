using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>
/// Notes what commits change while somebody wants to know, and tells it once it is visible: holders of locks, of the rows that
/// peers' entries change (what this node's own entries change is locked by whoever commits); readers of ranges, of every key.
/// </summary>
internal sealed class RowWatch : IEntryApplier, IApplyObserver, IDisposable
{
    /// <summary>Keys of one commit that are told one by one; past it nobody is told which.</summary>
    private const int ChangeCountMax = 10_000;

    private readonly List<(TreeId Tree, byte[] Key)> _locked = [];
    private readonly List<(TreeId Tree, byte[] Key)> _read = [];
    private readonly ByteWriter _before = new();
    private readonly ByteWriter _after = new();
    private readonly RowApplier _inner;
    private bool _hasPeers;
    private bool _tellsHolders;
    private bool _tellsReaders;
    private bool _missesHolders;
    private bool _missesReaders;

    /// <summary>Watches the applier of a store.</summary>
    public RowWatch(IStore store, Applier applier) => _inner = new RowApplier(store, applier, this);

    /// <summary>Hears of each row that a peer changed, after it is visible: tree and key.</summary>
    public Action<TreeId, byte[]>? LockedChanged { get; set; }

    /// <summary>Hears that peers changed rows, after they are visible, of which it is not known which.</summary>
    public Action? AnyLockedChanged { get; set; }

    /// <summary>Says whether anything is locked at this moment.</summary>
    public Func<bool>? HasLocks { get; set; }

    /// <summary>Hears of all keys in row trees and indexes that a commit of a number changed, after they are visible.</summary>
    public Action<IReadOnlyList<(TreeId Tree, byte[] Key)>, long>? ReadChanged { get; set; }

    /// <summary>Hears that a commit of a number changed things, after they are visible, of which it is not known which.</summary>
    public Action<long>? AnyReadChanged { get; set; }

    /// <summary>Says whether anybody wants <see cref="ReadChanged"/> at this moment.</summary>
    public Func<bool>? HasReaders { get; set; }

    /// <inheritdoc cref="RowApplier.AppliedLength"/>
    public long AppliedLength => _inner.AppliedLength;

    /// <inheritdoc cref="RowApplier.Restore"/>
    public long Restore(RecoveryPoint point, NodeLog node) => _inner.Restore(point, node);

    /// <inheritdoc cref="RowApplier.TakePoint"/>
    public RecoveryPoint TakePoint(NodeLog node) => _inner.TakePoint(node);

    /// <inheritdoc/>
    public bool TryReserve(long length) => _inner.TryReserve(length);

    /// <inheritdoc/>
    public void Begin()
    {
        _locked.Clear();
        _read.Clear();
        _missesHolders = _missesReaders = _hasPeers = false;
        _inner.Begin();
    }

    /// <inheritdoc/>
    public EntryStanding Apply(DatabaseLog log, EntryGroup entries)
    {
        bool isPeers = entries.Entry.Author != log.OwnAuthor;
        _hasPeers |= isPeers;
        _tellsHolders = isPeers && HasLocks?.Invoke() == true;
        _missesHolders |= isPeers && !_tellsHolders;
        _tellsReaders = HasReaders?.Invoke() == true;
        _missesReaders |= !_tellsReaders;
        return _inner.Apply(log, entries);
    }

    /// <inheritdoc/>
    public void Publish(long commitNumber)
    {
        // What foreign keys hide and show comes of all entries together.
        _tellsHolders = _hasPeers && HasLocks?.Invoke() == true;
        _missesHolders |= _hasPeers && !_tellsHolders;
        _inner.Publish(commitNumber);
        // Who locked or read something since the entries were applied may have seen the state before them.
        if (_missesHolders && HasLocks?.Invoke() == true)
            AnyLockedChanged?.Invoke();
        foreach ((TreeId tree, byte[] key) in _locked)
            LockedChanged?.Invoke(tree, key);
        if (HasReaders?.Invoke() != true)
            return;
        if (_missesReaders || _read.Count > ChangeCountMax)
            AnyReadChanged?.Invoke(commitNumber);
        else if (_read.Count > 0)
            ReadChanged?.Invoke(_read, commitNumber);
    }

    /// <inheritdoc/>
    public void Drop(DatabaseLog log)
    {
        _missesReaders = true;
        _inner.Drop(log);
    }

    /// <inheritdoc/>
    public void RowChanged(
        TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (_tellsHolders && _locked.Count > ChangeCountMax)
        {
            _tellsHolders = false;
            _missesHolders = true;
        }

        if (_tellsHolders)
        {
            _locked.Add((table.RowTree, primaryKey.ToArray()));
            if (!before.IsEmpty)
                NoteGivenUpKeys(table, before, after);
        }

        if (!_tellsReaders || _read.Count > ChangeCountMax)
            return;
        _read.Add((table.RowTree, primaryKey.ToArray()));
        foreach (IndexSchema index in table.Indexes)
        {
            WriteKey(_before, table, index, before, primaryKey);
            WriteKey(_after, table, index, after, primaryKey);
            if (_before.Written.SequenceEqual(_after.Written))
                continue;
            if (_before.Length > 0)
                _read.Add((index.Tree, _before.Written.ToArray()));
            if (_after.Length > 0)
                _read.Add((index.Tree, _after.Written.ToArray()));
        }
    }

    /// <inheritdoc/>
    public void TableEmptied(TableSchema table) => MissAll();

    /// <inheritdoc/>
    public void TableChanged(TableId table, TableSchema? before, TableSchema? after) => MissAll();

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    /// <summary>What a transaction wrote is in the form of the table as it was: it does not outlive a peer's change of it.</summary>
    private void MissAll()
    {
        _missesReaders = true;
        _missesHolders |= _tellsHolders;
    }

    /// <summary>Notes the unique keys that a row gave up: who wrote a row that references one has locked the key.</summary>
    private void NoteGivenUpKeys(TableSchema table, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        foreach (IndexSchema index in table.Indexes)
        {
            if (!index.IsUnique)
                continue;
            WriteKey(_before, table, index, before, default);
            WriteKey(_after, table, index, after, default);
            if (!_before.Written.SequenceEqual(_after.Written))
                _locked.Add((index.Tree, _before.Written.ToArray()));
        }
    }

    private static void WriteKey(
        ByteWriter target, TableSchema table, IndexSchema index, ReadOnlySpan<byte> record, ReadOnlySpan<byte> primaryKey)
    {
        target.Clear();
        if (record.IsEmpty)
            return;
        StoredRow row = StoredRow.Read(record);
        IndexKeys.Append(target, table, index, table.Map(row.LayoutNumber), row.Image);
        target.Write(primaryKey);
    }
}
