using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Transactions;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Looks for duplicates among the rows of a table before a unique index is added to it.</summary>
internal static class UniqueCheck
{
    /// <summary>Error 1062 where two rows have one key.</summary>
    public static void ThrowIfDuplicate(StatementContext context, TableSchema table, IndexDefinition index)
    {
        int[] ordinals = new int[index.Columns.Length];
        for (int i = 0; i < ordinals.Length; i++)
        {
            ordinals[i] = table.OrdinalOf(index.Columns[i].Column);
            if (ordinals[i] < 0)
                return;   // A column that this statement adds: all rows show the same, and only NULL may repeat.
        }

        var schema = new IndexSchema
        {
            Name = index.Name,
            Kind = index.Kind,
            Parts = [.. Array.ConvertAll(ordinals, ordinal => new IndexPart(ordinal))],
        };
        var seen = new KeyTable();
        var row = new TableRow(table);
        using var key = new ByteWriter();
        ReadView view = context.NewestView();
        using MergedCursor cursor = view.OpenCursor(table.RowTree, null);
        for (bool found = cursor.SeekFirst(); found; found = cursor.Next())
        {
            context.ThrowIfStopped();
            if (!ReadView.TryOpenRow(table, cursor, out RowView view1))
                continue;
            row.Load(view1);
            row.Encode();
            key.Clear();
            if (!IndexKeys.Append(key, table, schema, table.Map(table.WriteLayout.Number), row.Image))
                continue;
            seen.GetOrAdd(key.Written, out bool isNew);
            if (!isNew)
                throw UniqueKeys.DuplicateError(context, table, schema, row).ToException();
        }
    }
}
