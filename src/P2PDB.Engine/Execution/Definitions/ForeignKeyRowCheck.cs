using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Conversions;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Looks at the rows of a table before a foreign key is added to it: each must find its parent already.</summary>
internal sealed class ForeignKeyRowCheck(
    StatementContext context, string schema, DatabaseSchema database, TableSchema table, TableOutline outline, ForeignKeyDefinition key) : IDisposable
{
    private readonly TableRow _row = new(table);
    private readonly LargeKeySet _seen = new(context.Node.Transactions.Scratch);

    /// <summary>Error 1452 where a row names a parent that is not there.</summary>
    public void Run()
    {
        bool isToItself = key.Parent == table.Id;
        if (isToItself)
            ReadKeys();
        using var lookup = new KeyLookup();
        using var writer = new ByteWriter();
        ReadView view = context.NewestView();
        using var rows = new TableWalk(context, view, table);
        while (rows.TryNext(out RowView stored))
        {
            _row.Load(stored);
            writer.Clear();
            bool isWhole = true;
            foreach (Storage.ColumnId column in key.Columns)
                isWhole &= TryAppend(writer, column);
            if (!isWhole || (isToItself && _seen.Contains(writer.Written)) || (!isToItself && IsThere(view, lookup, writer.Written)))
                continue;
            throw ConstraintErrors.NoReferencedRow(Describe()).ToException();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _seen.Dispose();

    /// <summary>The table references itself, perhaps by an index that this statement makes: its keys are read from its rows.</summary>
    private void ReadKeys()
    {
        using var writer = new ByteWriter();
        using var rows = new TableWalk(context, context.NewestView(), table);
        while (rows.TryNext(out RowView stored))
        {
            _row.Load(stored);
            writer.Clear();
            bool isWhole = true;
            foreach (ReferencedColumn column in key.ParentColumns)
                isWhole &= TryAppend(writer, column.Id);
            if (isWhole)
                _seen.Add(writer.Written);
        }
    }

    private bool IsThere(ReadView view, KeyLookup lookup, ReadOnlySpan<byte> wanted)
    {
        TableSchema parent = database.FindTable(key.Parent!.Value)!;
        int[] ordinals = new int[key.ParentColumns.Length];
        for (int i = 0; i < ordinals.Length; i++)
            ordinals[i] = parent.OrdinalOf(key.ParentColumns[i].Id);
        IndexSchema index = ForeignKeySchema.FindUnique(parent, ordinals)!;
        return index.IsPrimary ? view.TryGetRow(parent, wanted, out _) : lookup.TryFind(view, index, wanted, default, out _);
    }

    /// <summary>Appends what the loaded row has in a column, as its type will be; a column that the statement adds has its fill.</summary>
    private bool TryAppend(ByteWriter writer, Storage.ColumnId id)
    {
        OutlinedColumn column = outline.Find(id)!.Value;
        int ordinal = table.OrdinalOf(id);
        if (ordinal < 0)
            return IndexKeys.Append(writer, FillOf(column), 0, 0);
        ColumnVector value = _row.Columns.Column(ordinal);
        SqlType type = table.Columns[ordinal].Type;
        if (value.IsNull(0) || CatalogIds.HaveSameKeyForm(type, column.Type))
            return IndexKeys.Append(writer, value, 0, 0);
        var converted = new ColumnVector(column.Type, 1);
        new ValueConversion(type, null, column.Type, 0, column.Name).TryAssign(context.Evaluation, value, 0, converted, 0);
        return IndexKeys.Append(writer, converted, 0, 0);
    }

    private ColumnVector FillOf(OutlinedColumn column)
    {
        var fill = new ColumnVector(column.Type, 1);
        LayoutFactory.Create(column.Type).CopyTo(outline.Fills[column.Id], 0, fill, 0);
        return fill;
    }

    private string Describe()
    {
        var text = new StringBuilder();
        ShowCreateTable.AppendName(text, schema);
        text.Append('.');
        ShowCreateTable.AppendName(text, table.Name);
        text.Append(", ");
        string[] columns = new string[key.Columns.Length];
        string[] parentColumns = new string[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            (columns[i], parentColumns[i]) = (outline.Find(key.Columns[i])!.Value.Name, key.ParentColumns[i].Name);
        ForeignKeySchema.Append(text, key, columns, key.ParentName, parentColumns);
        return text.ToString();
    }
}
