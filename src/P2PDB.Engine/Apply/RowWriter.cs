// FROM A CHANGED RECORD TO THE TREES
//
// A table's trees are functions of its row records and its schema:
//   row tree   every record, dead and hidden ones too
//   index      an entry for each row that lives or is shown by a foreign key, flagged where the row is hidden; those of plain
//              indexes are moved with those of other rows (PlainEntries)
//
// When a record changes, its entries are moved accordingly. A change of a row's claims may change who is visible; that
// is UniqueView's business, which is asked only where another row has one of the keys involved. What a change means to foreign
// keys is noted, and settled before the write is published (ForeignKeyView). A table that is not there
// for SQL (not created yet, or dropped) keeps its records and has no indexes; they are built when it appears (TableRebuild).
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Puts changed row records into the trees of a table; see the prose above. Reusable; used by one thread.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly RowVisibility _visibility = new();
    private readonly UniqueView _uniqueView;
    private readonly ByteWriter _oldKey = new();
    private readonly ByteWriter _newKey = new();
    private readonly ByteWriter _treeKey = new();
    private readonly RecordBuffer _final = new();
    private readonly RecordBuffer _flipped = new();
    private readonly List<SharedKey> _contests = [];
    private readonly PlainEntries _plain = new();
    private Cursor? _cursor;

    public RowWriter() => _uniqueView = new UniqueView(this);

    /// <summary>The write under way.</summary>
    public StoreWriter Writer { get; private set; } = null!;

    /// <summary>Who hears of changes.</summary>
    public IApplyObserver Observer { get; private set; } = null!;

    /// <summary>Starts on a write.</summary>
    public void Begin(StoreWriter writer, IApplyObserver observer)
    {
        _cursor?.Dispose();
        _cursor = null;
        _plain.Clear();
        Writer = writer;
        Observer = observer;
    }

    /// <summary>Brings the trees of plain indexes up to what was written: before the write is published.</summary>
    public void Settle() => _plain.MoveTo(Writer);

    /// <summary>Removes a tree with all that is in it or on its way there.</summary>
    public void DropTree(TreeId tree)
    {
        Settle();
        Writer.DropTree(tree);
    }

    /// <summary>
    /// Replaces the record of a row. <paramref name="next"/> comes from the merge, without visibility flags, and gets them
    /// here; empty removes the record.
    /// </summary>
    public void Replace(
        AppliedTable table, StampOrder order, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, Span<byte> next)
    {
        if (table.Schema is not { } schema)
        {
            Store(table, primaryKey, next);
            return;
        }

        if (!next.IsEmpty)
            next[0] |= ViewFlagsOf(schema, primaryKey, previous, next);
        table.Links?.Note(primaryKey, previous, next);
        Move(table, order, primaryKey, previous, next);
    }

    /// <summary>Sets or clears the flag by which a foreign key overrules a stored row's existence, and moves its index entries accordingly.</summary>
    public void SetOverruled(AppliedTable table, StampOrder order, ReadOnlySpan<byte> primaryKey, bool isOverruled)
    {
        Writer.TryGet(table.RowTree, primaryKey, _flipped);
        byte[] previous = _flipped.Span.ToArray();
        byte[] next = _flipped.Span.ToArray();
        byte others = (byte)(next[0] & ~(StoredRow.OverruledFlag | StoredRow.HiddenFlag));
        next[0] = (byte)(others | (isOverruled ? StoredRow.OverruledFlag : 0));
        Move(table, order, primaryKey, previous, next);
        table.Links?.NoteShown(next);
    }

    /// <summary>Sets or clears the hidden flag of a stored row, and moves its index entries accordingly.</summary>
    public void SetHidden(AppliedTable table, ReadOnlySpan<byte> primaryKey, bool isHidden, bool isReported)
    {
        Writer.TryGet(table.RowTree, primaryKey, _flipped);
        byte[] record = _flipped.Span.ToArray();
        byte[] previous = _flipped.Span.ToArray();
        record[0] = (byte)(isHidden ? record[0] | StoredRow.HiddenFlag : record[0] & ~StoredRow.HiddenFlag);
        Store(table, primaryKey, record);
        MovePlain(table, primaryKey, previous, record);
        foreach (IndexSchema index in table.UniqueIndexes)
        {
            RowVisibility.TryClaim(table.Schema!, index, record, _newKey);
            PutEntry(index, _newKey.Written, primaryKey, isHidden);
        }

        table.Links?.NoteShown(record);

        if (isReported)
            Report(table.Schema!, primaryKey, previous, record);
    }

    /// <summary>True where a record cannot stand under its key, or not in all indexes; see <see cref="RowVisibility.IsMisplaced"/>.</summary>
    public bool IsMisplaced(TableSchema schema, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> record) =>
        _visibility.IsMisplaced(schema, primaryKey, StoredRow.Read(record));

    /// <summary>Lists the primary keys of all rows that stand under a key of a unique index.</summary>
    public void ListClaimants(IndexSchema index, ReadOnlySpan<byte> key, List<byte[]> claimants)
    {
        Cursor cursor = _cursor = Writer.OpenCursor(index.Tree, _cursor);
        for (bool valid = cursor.SeekGe(key); valid && cursor.Key.StartsWith(key); valid = cursor.Next())
        {
            IndexEntry entry = IndexEntry.Read(cursor.Key, cursor.Value);
            if (entry.IndexKey.Length == key.Length)
                claimants.Add(entry.PrimaryKey.ToArray());
        }
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _cursor?.Dispose();
        _visibility.Dispose();
        _uniqueView.Dispose();
        _oldKey.Dispose();
        _newKey.Dispose();
        _treeKey.Dispose();
    }

    /// <summary>What a merged record is to others as far as is known by now: hidden by a unique index is for <see cref="UniqueView"/> to say.</summary>
    private byte ViewFlagsOf(TableSchema schema, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> next)
    {
        bool isDead = (next[0] & StoredRow.DeadFlag) != 0;
        bool isOverruled = !previous.IsEmpty && (previous[0] & StoredRow.OverruledFlag) != 0
            && (previous[0] & StoredRow.DeadFlag) == (next[0] & StoredRow.DeadFlag) && !StoredRow.IsAppendedRecord(next);
        if ((!isDead || isOverruled) && _visibility.IsMisplaced(schema, primaryKey, StoredRow.Read(next)))
            return isDead ? (byte)0 : StoredRow.MisplacedFlag;
        return isOverruled ? StoredRow.OverruledFlag : (byte)0;
    }

    /// <summary>Puts a record in the place of another, with its final flags but for the hidden one.</summary>
    private void Move(
        AppliedTable table, StampOrder order, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, Span<byte> next)
    {
        bool isContested = table.UniqueIndexes.Length > 0 && MoveClaims(table, order, primaryKey, previous, next);
        Store(table, primaryKey, next);
        MovePlain(table, primaryKey, previous, next);
        ReadOnlySpan<byte> after = next;
        if (isContested)
        {
            _uniqueView.Settle(table, order, primaryKey, RowVisibility.IsClaiming(next), _contests);
            if (!next.IsEmpty)
            {
                Writer.TryGet(table.RowTree, primaryKey, _final);
                after = _final.Span;
            }
        }

        // A row that a unique index no longer hides by its own change keeps its parents from now on.
        bool isShownNow = !previous.IsEmpty && !after.IsEmpty && ((previous[0] ^ after[0]) & StoredRow.HiddenFlag) != 0;
        if (isShownNow)
            table.Links?.NoteShown(after);
        Report(table.Schema!, primaryKey, previous, after);
    }

    /// <summary>Moves the entries of unique indexes; true where another row has one of the keys the row had or has.</summary>
    private bool MoveClaims(
        AppliedTable table, StampOrder order, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, Span<byte> next)
    {
        bool wasIndexed = RowVisibility.IsIndexed(previous);
        bool isIndexed = RowVisibility.IsIndexed(next);
        bool wasClaiming = RowVisibility.IsClaiming(previous);
        bool isClaiming = RowVisibility.IsClaiming(next);
        if (wasClaiming && isClaiming && HaveSameClaims(table, order, previous, next))
        {
            next[0] |= (byte)(previous[0] & StoredRow.HiddenFlag);
            return false;
        }

        _contests.Clear();
        bool isContested = false;
        foreach (IndexSchema index in table.UniqueIndexes)
        {
            bool claimed = wasIndexed && RowVisibility.TryClaim(table.Schema!, index, previous, _oldKey);
            bool claims = isIndexed && RowVisibility.TryClaim(table.Schema!, index, next, _newKey);
            if (wasIndexed)
            {
                DeleteEntry(index, _oldKey.Written, primaryKey);
                if (wasClaiming && claimed && HasEntry(index, _oldKey.Written))
                {
                    isContested = true;
                    _contests.Add(new SharedKey(index, _oldKey.Written.ToArray()));
                }
            }

            if (!isIndexed)
                continue;
            isContested |= isClaiming && claims && HasEntry(index, _newKey.Written);
            PutEntry(index, _newKey.Written, primaryKey, isHidden: !isClaiming);
        }

        return isContested;
    }

    private bool HaveSameClaims(
        AppliedTable table, StampOrder order, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> next)
    {
        if ((previous[0] & StoredRow.DeadFlag) != (next[0] & StoredRow.DeadFlag))
            return false;
        foreach (IndexSchema index in table.UniqueIndexes)
        {
            RowVisibility.TryClaim(table.Schema!, index, previous, _oldKey);
            RowVisibility.TryClaim(table.Schema!, index, next, _newKey);
            if (!_oldKey.Written.SequenceEqual(_newKey.Written))
                return false;
        }

        return _visibility.RankOf(table, order, previous) == _visibility.RankOf(table, order, next);
    }

    private void MovePlain(
        AppliedTable table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> next)
    {
        bool wasIndexed = RowVisibility.IsIndexed(previous);
        bool isIndexed = RowVisibility.IsIndexed(next);
        bool isHidden = isIndexed && !StoredRow.IsVisibleRecord(next);
        foreach (IndexSchema index in table.PlainIndexes)
        {
            if (wasIndexed)
                RowVisibility.TryClaim(table.Schema!, index, previous, _oldKey);
            if (isIndexed)
                RowVisibility.TryClaim(table.Schema!, index, next, _newKey);
            bool isSame = wasIndexed && isIndexed && _oldKey.Written.SequenceEqual(_newKey.Written);
            if (isSame && isHidden != StoredRow.IsVisibleRecord(previous))
                continue;
            if (wasIndexed && !isSame)
                MovePlainEntry(index, _oldKey.Written, primaryKey, EntryChange.Remove);
            if (isIndexed)
                MovePlainEntry(index, _newKey.Written, primaryKey, isHidden ? EntryChange.PutHidden : EntryChange.Put);
        }
    }

    private void MovePlainEntry(IndexSchema index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> primaryKey, EntryChange change)
    {
        _plain.Add(index.Tree, key, primaryKey, change);
        if (_plain.IsFull)
            Settle();
    }

    private void Store(AppliedTable table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty)
            Writer.Delete(table.RowTree, primaryKey);
        else
            Writer.Put(table.RowTree, primaryKey, record);
    }

    /// <summary>Tells the observer of a change as far as SQL sees it.</summary>
    public void Report(
        TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> next)
    {
        ReadOnlySpan<byte> before = !previous.IsEmpty && StoredRow.IsVisibleRecord(previous) ? previous : default;
        ReadOnlySpan<byte> after = !next.IsEmpty && StoredRow.IsVisibleRecord(next) ? next : default;
        if (!before.IsEmpty || !after.IsEmpty)
            Observer.RowChanged(table, primaryKey, before, after);
    }

    private bool HasEntry(IndexSchema index, ReadOnlySpan<byte> key)
    {
        Cursor cursor = _cursor = Writer.OpenCursor(index.Tree, _cursor);
        return cursor.SeekGe(key) && cursor.Key.StartsWith(key)
            && IndexEntry.Read(cursor.Key, cursor.Value).IndexKey.Length == key.Length;
    }

    private void PutEntry(IndexSchema index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> primaryKey, bool isHidden)
    {
        Span<byte> value = stackalloc byte[8];
        int length = IndexEntry.WriteValue(value, key.Length, isHidden);
        Writer.Put(index.Tree, TreeKey(key, primaryKey), value[..length]);
    }

    private void DeleteEntry(IndexSchema index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> primaryKey) =>
        Writer.Delete(index.Tree, TreeKey(key, primaryKey));

    private ReadOnlySpan<byte> TreeKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> primaryKey)
    {
        _treeKey.Clear();
        _treeKey.Write(key);
        _treeKey.Write(primaryKey);
        return _treeKey.Written;
    }
}
