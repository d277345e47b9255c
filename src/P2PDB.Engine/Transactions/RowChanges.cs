using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Transactions;

/// <summary>
/// Writes rows of one table for one transaction: into the write set with all indexes, so that the transaction sees them,
/// and into the change set, for the log. Locks and constraints are the caller's affair. Reusable for the next statement.
/// </summary>
internal sealed class RowChanges : IDisposable
{
    private readonly ByteWriter _record = new();
    private readonly ByteWriter _indexKey = new();
    private readonly ByteWriter _oldIndexKey = new();
    private readonly ByteWriter _part = new();
    private readonly LoggedColumn[] _logged;
    private readonly Dictionary<ulong, RowLayout> _partLayouts = [];
    private readonly byte[] _bitmap;
    private readonly List<int> _changed = [];
    private readonly bool _hasPolicies;
    private readonly List<int> _rowColumns = [];
    private readonly bool _isRowWhole;
    private PolicyWrites? _policies;

    /// <summary>Prepares for a version of a table of a database.</summary>
    public RowChanges(Hash256 database, TableSchema table)
    {
        Database = database;
        Table = table;
        _logged = new LoggedColumn[table.WriteLayout.Columns.Length];
        for (int i = 0; i < _logged.Length; i++)
        {
            StoredColumn column = table.WriteLayout.Columns[i];
            _logged[i] = new LoggedColumn(column.Id, (byte)column.Code, column.Scale);
        }

        _bitmap = new byte[(_logged.Length + 7) / 8];
        _hasPolicies = PolicyWrites.AreNeededFor(table);
        _isRowWhole = true;
        foreach (ColumnSchema column in table.Columns)
        {
            if (column.Merge == MergePolicy.Row)
                _rowColumns.Add(Array.FindIndex(_logged, logged => logged.Id == column.Id));
            else
                _isRowWhole &= column.IsInPrimaryKey;
        }
    }

    /// <summary>The database.</summary>
    public Hash256 Database { get; }

    /// <summary>The table.</summary>
    public TableSchema Table { get; }

    /// <summary>
    /// True where the write set need not know of keys in plain indexes, because nothing of the transaction reads by them any more: the log's
    /// operations, of which the commit makes them, lack nothing.
    /// </summary>
    public bool LeavesOutPlainIndexes { get; set; }

    /// <summary>
    /// Adds a row, or replaces it as a whole; where rows are appended, it stays. <paramref name="hasRegisters"/>: as
    /// <see cref="ReadView.FoundRegisters"/>.
    /// </summary>
    public void Insert(Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image, bool hasRegisters)
    {
        transaction.NoteWritten(Database, Table);
        ChangeSet changes = transaction.ChangesOf(Database);
        if (Table.IsAppend)
        {
            changes.Append(changes.AddTable(Table.Id, _logged), key, image);
            PutRow(transaction.Writes, key, image, null);
        }
        else
        {
            ReplaceRow(transaction, changes, key, image, hasRegisters);
        }

        AddIndexKeys(transaction.Writes, key, image);
    }

    /// <summary>
    /// Changes a row from one image to another, both in the table's present layout; gives back false, and writes nothing,
    /// where no column differs. <paramref name="deltas"/>: the columns that were only added to or taken from, by ordinal.
    /// </summary>
    public bool Update(
        Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool hasRegisters,
        ReadOnlySpan<int> deltas)
    {
        FindChangedColumns(before, after);
        if (_changed.Count == 0)
            return false;
        transaction.NoteWritten(Database, Table);
        ChangeSet changes = transaction.ChangesOf(Database);
        if (AddRowColumns() && _isRowWhole)
        {
            // The row is one register: all of it is set, which takes one stamp, not one for each column.
            ReplaceRow(transaction, changes, key, after, hasRegisters);
        }
        else
        {
            ChangeColumns(transaction, changes, key, before, after, hasRegisters, deltas);
        }

        MoveIndexKeys(transaction.Writes, key, before, after);
        return true;
    }

    /// <summary>Writes a column of a row, whose image stays as it is: the value takes the place of all that others wrote beside it.</summary>
    public void Confirm(Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image, bool hasRegisters, ColumnId column)
    {
        transaction.NoteWritten(Database, Table);
        int position = Array.FindIndex(_logged, logged => logged.Id == column);
        _changed.Clear();
        _changed.Add(position);
        _bitmap.AsSpan().Clear();
        _bitmap[position >> 3] |= (byte)(1 << (position & 7));
        ChangeColumns(transaction, transaction.ChangesOf(Database), key, image, image, hasRegisters, []);
    }

    /// <summary>
    /// Changes the rights to a counter of a row, whose image stays as it is; false, and nothing written, where nobody wrote the counter
    /// since it merges with rights.
    /// </summary>
    public bool ChangeRights(
        Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image, int ordinal, Action<CounterSpending> change)
    {
        PolicyWrites policies = PoliciesFor(hasRegisters: true)!;
        if (!policies.PlanRights(transaction, key, ordinal, change))
            return false;
        transaction.NoteWritten(Database, Table);
        ChangeSet changes = transaction.ChangesOf(Database);
        CountFor(changes, policies);
        _bitmap.AsSpan().Clear();
        changes.UpdateMarked(changes.AddTable(Table.Id, _logged), key, _bitmap, policies.MarksVersion, policies.Marks, default);
        PutRow(transaction.Writes, key, image, policies);
        return true;
    }

    /// <summary>Removes a row whose image is given in the table's present layout.</summary>
    public void Delete(Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image, bool hasRegisters)
    {
        transaction.NoteWritten(Database, Table);
        ChangeSet changes = transaction.ChangesOf(Database);
        changes.Delete(changes.AddTable(Table.Id, _logged), key);
        RemoveIndexKeys(transaction.Writes, key, image);
        if (PoliciesFor(hasRegisters) is not { } policies)
        {
            transaction.Writes.Delete(Table.RowTree, key);
            return;
        }

        policies.PlanDelete(transaction, key);
        _record.Clear();
        _record.WriteByte(OverlayRecord.Deleted | OverlayRecord.Marked);
        policies.WritePending(_record);
        transaction.Writes.PutRow(Table.RowTree, key, _record.Written);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _record.Dispose();
        _indexKey.Dispose();
        _oldIndexKey.Dispose();
        _part.Dispose();
        _policies?.Dispose();
    }

    private void ReplaceRow(
        Transaction transaction, ChangeSet changes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image, bool hasRegisters)
    {
        int table = changes.AddTable(Table.Id, _logged);
        PolicyWrites? policies = PoliciesFor(hasRegisters);
        if (policies?.PlanInsert(transaction, key, image) == true)
        {
            CountFor(changes, policies);
            changes.InsertMarked(table, key, policies.MarksVersion, policies.Marks, image);
        }
        else
        {
            changes.Insert(table, key, image);
        }

        PutRow(transaction.Writes, key, image, policies);
    }

    private void ChangeColumns(
        Transaction transaction, ChangeSet changes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after,
        bool hasRegisters, ReadOnlySpan<int> deltas)
    {
        int table = changes.AddTable(Table.Id, _logged);
        PolicyWrites? policies = PoliciesFor(hasRegisters);
        if (policies?.PlanUpdate(transaction, key, before, after, _changed, deltas) == true)
        {
            foreach (int position in policies.WithoutValue)
            {
                _changed.Remove(position);
                _bitmap[position >> 3] &= (byte)~(1 << (position & 7));
            }

            CountFor(changes, policies);
            changes.UpdateMarked(table, key, _bitmap, policies.MarksVersion, policies.Marks, PartImage(before, after, policies.WithFormerValue));
        }
        else
        {
            changes.Update(table, key, _bitmap, PartImage(before, after, null));
        }

        PutRow(transaction.Writes, key, after, policies);
    }

    private static void CountFor(ChangeSet changes, PolicyWrites policies)
    {
        if (policies.CountsFor is { } author)
            changes.CountsFor = author;
    }

    /// <summary>Adds the columns that change together where one of them does; true where there are such.</summary>
    private bool AddRowColumns()
    {
        if (_rowColumns.Count == 0 || !_rowColumns.Exists(_changed.Contains))
            return false;
        foreach (int position in _rowColumns)
        {
            if (!_changed.Contains(position))
                _changed.Add(position);
            _bitmap[position >> 3] |= (byte)(1 << (position & 7));
        }

        _changed.Sort();
        return true;
    }

    private PolicyWrites? PoliciesFor(bool hasRegisters) =>
        _hasPolicies || hasRegisters ? _policies ??= new PolicyWrites(Database, Table) : null;

    private void PutRow(WriteSet writes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image, PolicyWrites? policies)
    {
        _record.Clear();
        OverlayRecord.WriteHeader(_record.GetSpan(OverlayRecord.HeaderLength), Table.WriteLayout.Number);
        _record.Advance(OverlayRecord.HeaderLength);
        if (policies is not null)
        {
            _record.WrittenSpan[0] |= OverlayRecord.Marked;
            policies.WritePending(_record);
        }

        _record.Write(image);
        writes.PutRow(Table.RowTree, key, _record.Written);
    }

    private void AddIndexKeys(WriteSet writes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image)
    {
        foreach (IndexSchema index in Table.Indexes)
        {
            if (LeavesOutPlainIndexes && !index.IsUnique)
                continue;
            int length = WriteIndexKey(_indexKey, index, key, image);
            writes.PutIndexKey(index.Tree, _indexKey.Written, length);
        }
    }

    private void MoveIndexKeys(WriteSet writes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        foreach (IndexSchema index in Table.Indexes)
        {
            int oldLength = WriteIndexKey(_oldIndexKey, index, key, before);
            int length = WriteIndexKey(_indexKey, index, key, after);
            if (length == oldLength && _indexKey.Written.SequenceEqual(_oldIndexKey.Written))
                continue;   // what stands there leads to the row as before
            writes.Delete(index.Tree, _oldIndexKey.Written);
            if (!LeavesOutPlainIndexes || index.IsUnique)
                writes.PutIndexKey(index.Tree, _indexKey.Written, length);
        }
    }

    private void RemoveIndexKeys(WriteSet writes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image)
    {
        foreach (IndexSchema index in Table.Indexes)
        {
            WriteIndexKey(_indexKey, index, key, image);
            writes.Delete(index.Tree, _indexKey.Written);
        }
    }

    /// <summary>Writes the key of a row in an index tree; returns the length of the index key, which the primary key follows.</summary>
    private int WriteIndexKey(ByteWriter target, IndexSchema index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image)
    {
        target.Clear();
        IndexKeys.Append(target, Table, index, Table.Map(Table.WriteLayout.Number), image);
        int length = target.Length;
        target.Write(key);
        return length;
    }

    private void FindChangedColumns(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        RowLayout layout = Table.WriteLayout.Layout;
        _bitmap.AsSpan().Clear();
        _changed.Clear();
        for (int i = 0; i < _logged.Length; i++)
        {
            bool isNull = RowLayout.IsNull(after, i);
            bool isSame = isNull == RowLayout.IsNull(before, i);
            if (isSame && !isNull)
            {
                isSame = layout.IsVariable(i)
                    ? layout.GetBytes(before, i).SequenceEqual(layout.GetBytes(after, i))
                    : layout.GetFixed(before, i).SequenceEqual(layout.GetFixed(after, i));
            }

            if (isSame)
                continue;
            _changed.Add(i);
            _bitmap[i >> 3] |= (byte)(1 << (i & 7));
        }
    }

    private ReadOnlySpan<byte> PartImage(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, List<int>? former)
    {
        RowLayout layout = PartLayout();
        _part.Clear();
        var writer = new RowImageWriter(layout, _part);
        for (int i = 0; i < _changed.Count; i++)
            writer.Copy(i, Table.WriteLayout.Layout, former?.Contains(_changed[i]) == true ? before : after, _changed[i]);
        writer.Finish();
        return _part.Written;
    }

    private RowLayout PartLayout()
    {
        bool isCacheable = _logged.Length <= 64;
        ulong name = 0;
        foreach (int column in _changed)
            name |= 1UL << (column & 63);
        if (isCacheable && _partLayouts.TryGetValue(name, out RowLayout? known))
            return known;
        var columns = new StoredColumn[_changed.Count];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = Table.WriteLayout.Columns[_changed[i]];
        RowLayout layout = LayoutFactory.Create(columns);
        if (isCacheable)
            _partLayouts[name] = layout;
        return layout;
    }
}
