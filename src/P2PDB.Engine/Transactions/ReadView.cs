using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Transactions;

/// <summary>
/// The rows a statement sees: a snapshot of the store with the transaction's own changes over it. The snapshot is the view's
/// while it is open, and cursors that were opened over it end with it.
/// </summary>
internal sealed class ReadView
{
    private readonly RecordBuffer _record = new();
    private readonly List<MergedCursor> _cursors = [];
    private StoreSnapshot? _snapshot;
    private WriteSet? _writes;

    /// <summary>The snapshot.</summary>
    public StoreSnapshot Snapshot => _snapshot ?? throw new InvalidOperationException("The view was not opened.");

    /// <summary>The catalogs as of the snapshot.</summary>
    public NodeSchema Schema => Snapshot.Companion as NodeSchema ?? NodeSchema.Empty;

    /// <summary>True between opening and closing.</summary>
    public bool IsOpen => _snapshot is not null;

    /// <summary>
    /// True where columns of the row that was last looked for merge by a policy, or did: of a deleted row too, whose next life must be
    /// told from this one.
    /// </summary>
    public bool FoundRegisters { get; private set; }

    /// <summary>True where the row that was last looked for is one that nothing changes or ends, and is not visible.</summary>
    public bool FoundUnseenAppended { get; private set; }

    /// <summary>Takes over a snapshot.</summary>
    public void Open(StoreSnapshot snapshot, WriteSet? writes)
    {
        if (ReferenceEquals(snapshot, _snapshot))
        {
            snapshot.Dispose(); // held once already
            return;
        }

        Close();
        _snapshot = snapshot;
        _writes = writes;
    }

    /// <summary>Lets go of the snapshot.</summary>
    public void Close()
    {
        foreach (MergedCursor cursor in _cursors)
            cursor.Park();
        _cursors.Clear();
        _snapshot?.Dispose();
        _snapshot = null;
        _writes = null;
    }

    /// <summary>Opens a cursor over a tree, in a used one's place where there is one.</summary>
    public MergedCursor OpenCursor(TreeId tree, MergedCursor? recycled)
    {
        MergedCursor cursor = recycled ?? new MergedCursor();
        if (!_cursors.Contains(cursor))
            _cursors.Add(cursor);
        cursor.Open(
            Snapshot.OpenCursor(tree, cursor.RecycledCommitted),
            _writes?.Find(tree)?.OpenCursor(cursor.RecycledWritten));
        return cursor;
    }

    /// <summary>Finds a visible row by its key; it is valid until the next look-up, or the transaction's next change.</summary>
    public bool TryGetRow(TableSchema table, ReadOnlySpan<byte> key, out RowView row)
    {
        if (!TryFindWritten(table, key, out ReadOnlySpan<byte> written))
            return TryGetCommitted(table, key, _record, out row);
        row = written.IsEmpty ? default : new RowView(table, OverlayRecord.Layout(written), OverlayRecord.Image(written), isWritten: true);
        return !written.IsEmpty;
    }

    /// <summary>Copies a visible row into a buffer; it is valid as long as the buffer is left alone.</summary>
    public bool TryGetRow(TableSchema table, ReadOnlySpan<byte> key, RecordBuffer record, out RowView row)
    {
        if (!TryFindWritten(table, key, out ReadOnlySpan<byte> written))
            return TryGetCommitted(table, key, record, out row);
        record.Set(written);
        row = written.IsEmpty ? default : new RowView(table, OverlayRecord.Layout(written), OverlayRecord.Image(record.Span), isWritten: true);
        return !written.IsEmpty;
    }

    /// <summary>
    /// The primary key that an index cursor stands on; false where its row is not visible. Borrows the cursor's key.
    /// </summary>
    public static bool TryOpenIndexEntry(MergedCursor cursor, out ReadOnlySpan<byte> primaryKey)
    {
        ReadOnlySpan<byte> value = cursor.IsWritten ? OverlayRecord.Image(cursor.Value) : cursor.Value;
        IndexEntry entry = IndexEntry.Read(cursor.Key, value);
        primaryKey = entry.PrimaryKey;
        return !entry.IsHidden;
    }

    /// <summary>Opens the row that a cursor over the table's rows stands on; false where it is dead or hidden.</summary>
    public static bool TryOpenRow(TableSchema table, MergedCursor cursor, out RowView row)
    {
        ReadOnlySpan<byte> record = cursor.Value;
        if (cursor.IsWritten)
        {
            row = new RowView(table, OverlayRecord.Layout(record), OverlayRecord.Image(record), isWritten: true);
            return true;
        }

        return TryOpenCommitted(table, record, out row);
    }

    /// <summary>Opens the row of a committed record; false where it is dead or hidden.</summary>
    public static bool TryOpenCommitted(TableSchema table, ReadOnlySpan<byte> record, out RowView row)
    {
        if (StoredRow.IsVisibleRecord(record))
        {
            StoredRow stored = StoredRow.Read(record);
            row = new RowView(table, stored.LayoutNumber, stored.Image, isWritten: false) { IsAppended = stored.IsAppended, IsKept = stored.IsDead };
            return true;
        }

        row = default;
        return false;
    }

    /// <summary>True where the transaction wrote the key: its record, or nothing where it deleted the row.</summary>
    private bool TryFindWritten(TableSchema table, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> written)
    {
        written = default;
        FoundRegisters = false;
        FoundUnseenAppended = false;
        if (_writes?.Find(table.RowTree) is not { } overlay || !overlay.TryGet(key, out ReadOnlySpan<byte> found))
            return false;
        FoundRegisters = OverlayRecord.IsMarked(found);
        if (!OverlayRecord.IsDeleted(found))
            written = found;
        return true;
    }

    private bool TryGetCommitted(TableSchema table, ReadOnlySpan<byte> key, RecordBuffer record, out RowView row)
    {
        if (Snapshot.TryGet(table.RowTree, key, record))
        {
            FoundRegisters = StoredRow.HasRegisters(record.Span);
            FoundUnseenAppended = StoredRow.IsAppendedRecord(record.Span) && !StoredRow.IsVisibleRecord(record.Span);
            return TryOpenCommitted(table, record.Span, out row);
        }

        row = default;
        return false;
    }
}
