// THE REFERENCE MODEL OF THE MERGE
//
// What rows and schemas a set of entries means, recomputed from nothing: all operations of all entries in the one total
// order, each simply overwriting what the earlier ones said; then names, then UNIQUE and foreign keys, in plain passes. It is slow on
// purpose. It shares with the engine the codecs of entries, definitions, images and keys, and no code of the merge.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Simulation.Model;

/// <summary>The state of a set of entries; see the prose above.</summary>
internal sealed class ReferenceModel
{
    private readonly DatabaseId _database;
    private readonly List<string> _stampNames = [];
    private readonly SortedDictionary<TableId, ModelTable> _tables = [];

    public ReferenceModel(DatabaseId database, IEnumerable<ModelEntry> entries)
    {
        _database = database;
        Dictionary<EntryId, ModelEntry> held = entries.ToDictionary(entry => entry.Id);
        foreach (ModelOp op in held.Values.SelectMany(entry => Completed(entry, held)).OrderBy(op => op.Entry.Hlc.Value)
            .ThenBy(op => op.Entry.Author).ThenBy(op => op.Entry.Id).ThenBy(op => op.Index))
        {
            Take(op);
        }

        foreach (ModelRow row in _tables.Values.SelectMany(table => table.Rows.Values))
            row.Show();
        NameTables();
        ShowRows([.. _tables.Values.Where(table => table.IsTable)]);
    }

    /// <summary>All of the state as text, one line per table, column, index and row.</summary>
    public List<string> Lines()
    {
        List<string> lines = [];
        foreach (ModelTable table in _tables.Values)
        {
            if (table.IsAlive)
                lines.AddRange(table.SchemaLines(_tables));
            foreach ((string key, ModelRow row) in table.Rows)
                lines.Add($"{table.Id} row {key} {row.Line(table.IsTable, Name)}");
        }

        return lines;
    }

    /// <summary>Which rows show: what lives; what CASCADE leaves of it; what UNIQUE leaves; what RESTRICT shows again; what UNIQUE leaves of that.</summary>
    private void ShowRows(List<ModelTable> tables)
    {
        tables.ForEach(table => table.Place());
        List<ModelLink> links = [.. tables.SelectMany(table => table.Links(_tables))];
        foreach (ModelLink link in links.Where(link => link.Cascades))
        {
            HashSet<string> there = [.. link.Parent.Rows.Values.Where(row => row.IsLive).Select(row => link.Parent.KeyOf(row, link.ParentColumns)).OfType<string>()];
            foreach (ModelRow row in link.Child.Rows.Values.Where(row => row.IsLive && !row.IsAppended))
                row.IsOverruled |= link.Child.KeyOf(row, link.ChildColumns) is { } key && !there.Contains(key);
        }

        tables.ForEach(table => table.Hide(row => row.IsLive && !row.IsOverruled));
        List<ModelRow> held = [];
        foreach (ModelLink link in links)
        {
            HashSet<string> named = [.. link.Child.Rows.Values.Where(row => row.IsLive && !row.IsOverruled && !row.IsHidden && link.IsHeldBy(row))
                .Select(row => link.Child.KeyOf(row, link.ChildColumns)).OfType<string>()];
            held.AddRange(link.Parent.Rows.Where(row => row.Value.IsDead && named.Contains(row.Key) && link.Parent.IsInPlace(row.Key)).Select(row => row.Value));
        }

        held.ForEach(row => row.IsOverruled = true);
        tables.ForEach(table => table.Hide(row => row.IsDead && row.IsOverruled));
    }

    private string Name(int stamp) => stamp < 0 ? "-" : _stampNames[stamp];

    /// <summary>The operations of the transaction that an entry completes: none where parts are to come, or it is void.</summary>
    private List<ModelOp> Completed(ModelEntry last, Dictionary<EntryId, ModelEntry> held)
    {
        if (last.Flags == EntryFlags.Part)
            return [];
        List<ModelEntry> parts = [last];
        if (last.Flags != EntryFlags.None)
        {
            while (held.TryGetValue(parts[^1].Previous, out ModelEntry? part) && part.Flags == EntryFlags.Part)
                parts.Add(part);
            parts.Reverse();
        }

        List<ModelOp> ops = [];
        List<byte> front = [];
        foreach (ModelEntry part in parts)
        {
            if (!part.HasBody || !TryRead(part, front, ops))
                return [];
        }

        return front.Count == 0 && ops.TrueForAll(IsValid) ? ops : [];
    }

    /// <summary>Reads a part's operations; the payloads of chunks gather in front of the operation that follows.</summary>
    private static bool TryRead(ModelEntry part, List<byte> front, List<ModelOp> target)
    {
        List<(TableId Id, StoredColumn[] Columns)> directory = Directory(part);
        OpReader ops = part.Body.Ops;
        while (ops.MoveNext())
        {
            if (ops.Kind == OpKind.Chunk)
            {
                if (ops.IsChunked || ops.Payload.IsEmpty)
                    return false;
                front.AddRange(ops.Payload);
                continue;
            }

            if (ops.IsChunked != front.Count > 0)
                return false;
            (TableId table, StoredColumn[] columns) = ops.Kind.IsRow() ? directory[ops.Table] : default;
            target.Add(new ModelOp(part, ops.OpIndex, ops.Kind, table, columns, [.. front, .. ops.Payload]));
            front.Clear();
        }

        return true;
    }

    private bool IsValid(ModelOp op)
    {
        if (op.Kind.IsRow())
        {
            return OpReader.TryReadRow(op.Kind, op.Payload, op.Columns.Length, out RowOp row) && row.Key.Length > 0
                && (row.Marks.IsEmpty || CellMarks.TryRead(row.Marks, row.MarksVersion, op.Columns, row.Columns, []))
                && (!op.Kind.IsInsert() || LayoutFactory.Create(op.Columns).TryValidate(row.Image))
                && (!op.Kind.IsUpdate() || LayoutFactory.Create(Selected(op.Columns, row.Columns)).TryValidate(row.Image))
                && Marks(row, op.Columns).TrueForAll(mark => FitsValue(op, mark));
        }

        if (op.Kind == OpKind.CreateView)
        {
            return DefinitionReader.TryReadCreateView(op.Payload, out ViewDefinition view)
                && view.Id == CatalogIds.ViewIdOf(_database.Hash, view.Name, view.Generation);
        }

        return op.Kind != OpKind.CreateTable
            || (DefinitionReader.TryReadCreateTable(op.Payload, out TableDefinition table)
                && table.Id == CatalogIds.TableIdOf(
                    _database.Hash, table.Name, table.PrimaryKey.AsSpan(), table.Columns, table.Generation));
    }

    /// <summary>False where a mark does not say of each member of a set, and of none else, who added it, or speaks of another text than its value.</summary>
    private static bool FitsValue(ModelOp op, CellMark mark)
    {
        if (mark.Lane.Policy != MergePolicy.Set && (mark.Edits is null || mark.Text is not null))
            return true;
        OpReader.TryReadRow(op.Kind, op.Payload, op.Columns.Length, out RowOp row);
        StoredColumn[] columns = op.Kind.IsInsert() ? op.Columns : Selected(op.Columns, row.Columns);
        StoredLayout layout = new(-1, [.. columns], LayoutFactory.Create(columns));
        CellValue value = CellRegisters.Shown(layout, row.Image, Array.IndexOf(columns, mark.Column));
        if (mark.Edits is not null)
            return mark.Edits.TextLength == (value.IsNull ? 0 : value.Bytes.Length);
        List<string> members = [];
        return SetMembers.TryRead(value, members)
            && members.Count == mark.Dots.Length;
    }

    private void Take(ModelOp op)
    {
        int stamp = _stampNames.Count;
        _stampNames.Add($"{op.Entry.Hlc.Value}/{op.Entry.Author}/{op.Entry.Id}/{op.Index}");
        if (op.Kind.IsRow())
        {
            OpReader.TryReadRow(op.Kind, op.Payload, op.Columns.Length, out RowOp row);
            TableOf(op.Table).TakeRow(op.Kind, row, op.Columns, op.Entry.Author, stamp, op.Entry.Hlc.Value);
        }
        else
        {
            TakeDefinition(op.Kind, op.Payload, stamp);
        }
    }

    private void TakeDefinition(OpKind kind, ReadOnlySpan<byte> payload, int stamp)
    {
        switch (kind)
        {
            case OpKind.CreateTable:
                DefinitionReader.TryReadCreateTable(payload, out TableDefinition definition);
                TableOf(definition.Id).Create(definition, stamp);
                break;
            case OpKind.CreateView:
                DefinitionReader.TryReadCreateView(payload, out ViewDefinition view);
                TableOf(view.Id).Create(view, stamp);
                break;
            case OpKind.AlterTable:
                DefinitionReader.TryReadAlteration(payload, out Alteration alteration);
                TableOf(alteration.Table).Alter(alteration, stamp);
                break;
            case OpKind.DropTable:
                DefinitionReader.TryReadTable(payload, out TableId dropped);
                TableOf(dropped).Exists = false;
                TableOf(dropped).EndRows();
                break;
            case OpKind.Truncate:
                DefinitionReader.TryReadTable(payload, out TableId emptied);
                TableOf(emptied).EndRows();
                break;
            case OpKind.RenameTable:
                DefinitionReader.TryReadName(payload, out TableId renamed, out string name);
                (TableOf(renamed).NewName, TableOf(renamed).NewNameStamp) = (name, stamp);
                break;
            case OpKind.CreateIndex:
                DefinitionReader.TryReadCreateIndex(payload, out TableId indexed, out IndexDefinition index);
                TableOf(indexed).SetIndex(index.Name, index, stamp);
                break;
            case OpKind.DropIndex:
                DefinitionReader.TryReadName(payload, out TableId unindexed, out string indexName);
                TableOf(unindexed).SetIndex(indexName, null, stamp);
                break;
            case OpKind.CreateForeignKey:
                ConstraintCodec.TryReadCreateForeignKey(payload, out TableId constrained, out ForeignKeyDefinition key);
                TableOf(constrained).SetForeignKey(key.Name, key, stamp);
                break;
            case OpKind.CreateCheck:
                ConstraintCodec.TryReadCreateCheck(payload, out TableId bounded, out CheckDefinition check);
                TableOf(bounded).SetCheck(check.Name, check, stamp);
                break;
            case OpKind.DropCheck:
                DefinitionReader.TryReadName(payload, out TableId unbounded, out string checkName);
                TableOf(unbounded).SetCheck(checkName, null, stamp);
                break;
            case OpKind.DropForeignKey:
                DefinitionReader.TryReadName(payload, out TableId freed, out string keyName);
                TableOf(freed).SetForeignKey(keyName, null, stamp);
                break;
        }
    }

    private void NameTables()
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (ModelTable table in _tables.Values.Where(table => table.IsAlive).OrderBy(table => table.NameStamp))
        {
            string name = table.NewName ?? table.CreatedName!;
            table.ShownName = taken.Add(name) ? name : $"{name}~{table.Id.ToString()[..6]}";
            taken.Add(table.ShownName);
        }
    }

    private ModelTable TableOf(TableId id)
    {
        if (!_tables.TryGetValue(id, out ModelTable? table))
            _tables.Add(id, table = new ModelTable(id));
        return table;
    }

    private static List<(TableId Id, StoredColumn[] Columns)> Directory(ModelEntry entry)
    {
        List<(TableId, StoredColumn[])> tables = [];
        TableDirectoryReader directory = entry.Body.Tables;
        while (directory.MoveNext())
        {
            StoredColumn[] columns = new StoredColumn[directory.ColumnCount];
            for (int i = 0; i < columns.Length; i++)
            {
                LoggedColumn column = directory.ColumnAt(i);
                columns[i] = new StoredColumn(column.Id, (StorageCode)column.StorageCode, column.Scale);
            }

            tables.Add((directory.Table, columns));
        }

        return tables;
    }

    /// <summary>How columns of an operation merge that are not plain.</summary>
    public static List<CellMark> Marks(in RowOp operation, StoredColumn[] directory)
    {
        List<CellMark> marks = [];
        if (!operation.Marks.IsEmpty)
            CellMarks.TryRead(operation.Marks, operation.MarksVersion, directory, operation.Columns, marks);
        return marks;
    }

    /// <summary>The columns of a directory that a bitmap names.</summary>
    public static StoredColumn[] Selected(StoredColumn[] columns, ReadOnlySpan<byte> bitmap)
    {
        List<StoredColumn> selected = [];
        for (int i = 0; i < columns.Length; i++)
        {
            if ((bitmap[i / 8] & (1 << (i % 8))) != 0)
                selected.Add(columns[i]);
        }

        return [.. selected];
    }
}
