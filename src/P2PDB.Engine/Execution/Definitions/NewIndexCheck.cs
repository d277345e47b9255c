using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Looks at the rows of a table before an index is added to it.</summary>
internal static class NewIndexCheck
{
    /// <summary>Error 1062 where two rows have one key of a unique index, 1071 where the index has no room for a row's key.</summary>
    public static void Run(StatementContext context, TableSchema table, IndexDefinition index)
    {
        var parts = new IndexPart[index.Columns.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new IndexPart(table.OrdinalOf(index.Columns[i].Column), index.Columns[i].PrefixLength);
            if (parts[i].Ordinal < 0)
                return;   // A column that this statement adds: all rows show the same, short value, and only NULL may repeat.
        }

        var schema = new IndexSchema
        {
            Name = index.Name,
            Kind = index.Kind,
            Parts = [.. parts],
        };
        if (!schema.IsUnique && !IndexKeys.MayBeTooLong(table, schema))
            return;
        using var seen = new LargeKeySet(context.Node.Transactions.Scratch);
        var row = new TableRow(table);
        using var key = new ByteWriter();
        using var rows = new TableWalk(context, context.NewestView(), table);
        while (rows.TryNext(out RowView stored))
        {
            row.Load(stored);
            row.Encode();
            LayoutMap map = table.Map(table.WriteLayout.Number);
            if (IndexKeys.IsTooLong(table, schema, map, row.Image, rows.Key.Length))
                throw SqlErrors.TooLongKey(IndexKeys.LengthMax).ToException();
            key.Clear();
            if (!schema.IsUnique || !IndexKeys.Append(key, table, schema, map, row.Image))
                continue;
            if (!seen.Add(key.Written))
                throw UniqueKeys.DuplicateError(context, table, schema, row).ToException();
        }
    }
}
