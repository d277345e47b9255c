using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Lets rows, indexes, schemas and the catalog's tree follow a table's folded definitions.</summary>
internal sealed class DefinitionApply(RowWriter rows, TableRebuild rebuild, RowMerge merge, Func<TreeId> newTree)
    : IDisposable
{
    private readonly ByteWriter _state = new();
    private readonly ByteWriter _next = new();

    /// <summary>Brings everything of a table in line with its registers, which just changed.</summary>
    public void Follow(AppliedDatabase database, AppliedTable table, long commitNumber)
    {
        TableSchema? before = table.Schema;
        SaveState(database, table);
        database.IsChanged = true;
        Cut(database, table);

        List<SetAsideName> setAside = [];
        TableSchema Build()
        {
            setAside.Clear();
            string name = table.Schema?.Name ?? table.State.Name.Value;
            return SchemaBuilder.BuildTable(table.State, table.Place, name, commitNumber, setAside);
        }

        TableSchema? wanted = table.State.IsAlive && !table.State.IsView ? Build() : null;
        rebuild.Run(table, database.Chains, wanted, newTree, Build);
        table.ColumnsSetAside = setAside;
        if (table.State.AutoIncrementStart > 0)
            table.Place.AutoIncrement.Observe(table.State.AutoIncrementStart - 1);
        rows.Observer.TableChanged(table.State.Id, before, table.Schema);
    }

    /// <summary>Writes the registers of a table to the catalog's tree.</summary>
    public void SaveState(AppliedDatabase database, AppliedTable table)
    {
        _state.Clear();
        TableStateWriter.Write(_state, table.State);
        Span<byte> key = stackalloc byte[CatalogKey.TableKeyLength];
        CatalogKey.WriteTable(key, database.Id.Hash, table.State.Id);
        rows.Writer.Put(TreeId.Catalog, key, _state.Written);
    }

    /// <summary>Reads the registers of a table from the catalog's tree.</summary>
    /// <exception cref="CorruptionException">They are damaged or not there.</exception>
    public TableState LoadState(DatabaseId database, TableId table)
    {
        Span<byte> key = stackalloc byte[CatalogKey.TableKeyLength];
        CatalogKey.WriteTable(key, database.Hash, table);
        RecordBuffer record = new();
        return rows.Writer.TryGet(TreeId.Catalog, key, record) && TableStateReader.TryRead(record.Span, out TableState state) && state.Id == table
            ? state
            : throw new CorruptionException("the catalog's tree", 0, $"the definitions of table {table} are not there");
    }

    /// <summary>Takes the registers of a table from the catalog's tree.</summary>
    public void RemoveState(DatabaseId database, TableId table)
    {
        Span<byte> key = stackalloc byte[CatalogKey.TableKeyLength];
        CatalogKey.WriteTable(key, database.Hash, table);
        rows.Writer.Delete(TreeId.Catalog, key);
    }

    /// <summary>
    /// Makes the schema of a database: names are settled among all its tables, so a table whose name was fine alone may be
    /// shown under another.
    /// </summary>
    public static DatabaseSchema BuildDatabase(AppliedDatabase database, long commitNumber)
    {
        List<SetAsideName> setAside = [];
        Dictionary<TableId, string> names = SchemaBuilder.NameTables(database.State, setAside);
        List<TableSchema> tables = [];
        List<ViewSchema> views = [];
        List<KeyValuePair<TableId, TablePlace>> places = [];
        foreach (AppliedTable table in database.Tables.Values)
        {
            places.Add(new(table.State.Id, table.Place));
            if (table.State is { IsAlive: true, View.Value: { } view })
                views.Add(new ViewSchema(table.State.Id, names[table.State.Id], view));
            if (table.Schema is null)
                continue;
            string name = names[table.State.Id];
            if (table.Schema.Name != name)
                table.SetSchema(SchemaBuilder.BuildTable(table.State, table.Place, name, commitNumber));
            foreach (SetAsideName column in table.ColumnsSetAside)
                setAside.Add(column with { Table = name });
            tables.Add(table.Schema);
        }

        tables.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        views.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        places.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return database.Schema = new DatabaseSchema(
            database.Id.Hash, commitNumber, [.. tables], [.. views], [.. places], [.. setAside]);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _state.Dispose();
        _next.Dispose();
    }

    /// <summary>Takes back row registers up to the table's floor.</summary>
    private void Cut(AppliedDatabase database, AppliedTable table)
    {
        DefinitionStamp floor = table.State.Floor;
        if (floor.IsNone)
            return;
        if (!database.Chains.IsLater(table.Newest, floor))
        {
            CutAll(database, table);
            return;
        }

        RecordBuffer previous = new();
        var rowKeys = new RowKeys(rows.Writer, table.RowTree);
        while (rowKeys.Next() is { } keys)
        {
            foreach (byte[] key in keys)
            {
                rows.Writer.TryGet(table.RowTree, key, previous);
                if (StoredRow.IsAppendedRecord(previous.Span))
                    continue;
                _next.Clear();
                if (merge.TryCut(table.Place.Layouts, database.Chains, previous.Span, floor, _next))
                    rows.Replace(table, database.Chains, key, previous.Span, _next.WrittenSpan);
            }
        }
    }

    private void CutAll(AppliedDatabase database, AppliedTable table)
    {
        using (Cursor cursor = rows.Writer.OpenCursor(table.RowTree))
        {
            if (!cursor.SeekFirst())
                return;
        }

        if (table.Links is not null)
            NoteGone(database, table);
        rows.DropTree(table.RowTree);
        foreach (TreeId tree in table.Place.IndexTrees.Values)
            rows.DropTree(tree);
        if (table.Schema is not null)
            rows.Observer.TableEmptied(table.Schema);
    }

    /// <summary>Tells foreign keys of rows that go with their tree, as long as they are few enough to be told one by one.</summary>
    private void NoteGone(AppliedDatabase database, AppliedTable table)
    {
        using Cursor cursor = rows.Writer.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            table.Links!.Note(cursor.Key, cursor.Value, default);
            if (!database.LinkChanges.IsFull)
                continue;
            database.LinkChanges.Coarsen();
            database.LinkChanges.AddTable(table);
            return;
        }
    }
}
