using P2PDB.Engine.Apply;
using P2PDB.Engine.Apply.Registers;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Simulation.Model;

/// <summary>Reads a store back as the text that the reference model writes, and checks its derived trees.</summary>
internal static class EngineState
{
    public static List<string> Lines(StoreSnapshot snapshot, DatabaseSchema? schema, ChainDirectory chains)
    {
        List<string> lines = [];
        if (schema is null)
            return lines;
        RowStamps stamps = new();
        foreach ((TableId id, TablePlace place) in schema.Places)
        {
            TableSchema? table = schema.FindTable(id);
            if (table is not null)
                lines.AddRange(SchemaLines(table, schema.ForeignKeysOf(id)));
            if (schema.Views.FirstOrDefault(view => view.Id == id) is { } view)
                lines.Add($"{id} view {view.Name} {view.Definition.Query}");
            using Cursor cursor = snapshot.OpenCursor(place.RowTree);
            for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
                lines.Add($"{id} row {Convert.ToHexStringLower(cursor.Key)} {RowLine(cursor, place, table, stamps, chains)}");
        }

        return lines;
    }

    /// <summary>Fails where the store is not what the model says.</summary>
    public static void AssertIs(List<string> expected, List<string> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            Assert.Fail("Model only:\n" + string.Join('\n', expected.Except(actual))
                + "\nEngine only:\n" + string.Join('\n', actual.Except(expected)));
        }
    }

    /// <summary>The visible rows of a table by key, both in hexadecimal.</summary>
    public static SortedDictionary<string, string> VisibleRows(StoreSnapshot snapshot, TableSchema table)
    {
        SortedDictionary<string, string> visible = new(StringComparer.Ordinal);
        using Cursor cursor = snapshot.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            if (StoredRow.Read(cursor.Value).IsVisible)
                visible.Add(Convert.ToHexStringLower(cursor.Key), Convert.ToHexStringLower(cursor.Value));
        }

        return visible;
    }

    /// <summary>Index trees hold exactly what the rows ask for.</summary>
    public static void AssertIndexes(StoreSnapshot snapshot, DatabaseSchema? schema)
    {
        foreach (TableSchema table in schema?.Tables.ToArray() ?? [])
        {
            Dictionary<string, SortedSet<string>> expected = table.Indexes
                .ToDictionary(index => index.Name, _ => new SortedSet<string>(StringComparer.Ordinal));
            using Cursor cursor = snapshot.OpenCursor(table.RowTree);
            for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
            {
                StoredRow row = StoredRow.Read(cursor.Value);
                foreach (IndexSchema index in table.Indexes)
                {
                    if (RowVisibility.IsIndexed(cursor.Value))
                        expected[index.Name].Add(EntryLine(table, index, row, cursor.Key));
                }
            }

            foreach (IndexSchema index in table.Indexes)
            {
                SortedSet<string> found = new(StringComparer.Ordinal);
                using Cursor entries = snapshot.OpenCursor(index.Tree);
                for (bool valid = entries.SeekFirst(); valid; valid = entries.Next())
                {
                    IndexEntry entry = IndexEntry.Read(entries.Key, entries.Value);
                    found.Add(EntryLine(entry.IndexKey, entry.PrimaryKey, entry.IsHidden));
                }

                Assert.Equal(expected[index.Name], found);
            }
        }
    }

    private static string EntryLine(TableSchema table, IndexSchema index, in StoredRow row, ReadOnlySpan<byte> primaryKey)
    {
        using ByteWriter key = new();
        IndexKeys.Append(key, table, index, table.Map(row.LayoutNumber), row.Image);
        return EntryLine(key.Written, primaryKey, !row.IsVisible);
    }

    private static string EntryLine(ReadOnlySpan<byte> key, ReadOnlySpan<byte> primaryKey, bool isHidden) =>
        $"{Convert.ToHexStringLower(key)}|{Convert.ToHexStringLower(primaryKey)}|{isHidden}";

    private static IEnumerable<string> SchemaLines(TableSchema table, IReadOnlyList<ForeignKeySchema> keys)
    {
        yield return $"{table.Id} table {table.Name}";
        foreach (ColumnSchema column in table.Columns)
            yield return $"{table.Id} column {column.Id} {column.Name} {column.Type.Kind}";
        foreach (IndexSchema index in table.Indexes)
        {
            yield return $"{table.Id} index {index.Name} {index.Kind} "
                + string.Join(',', index.Parts.Select(part => table.Columns[part.Ordinal].Name));
        }

        foreach (ForeignKeySchema key in keys)
        {
            yield return $"{table.Id} foreign key {key.Name} "
                + $"{string.Join(',', key.ChildOrdinals.Select(ordinal => table.Columns[ordinal].Name))} {key.Parent?.Id}";
        }

        foreach (CheckDefinition check in table.Checks)
            yield return $"{table.Id} check {check.Name} {check.Condition} {check.IsEnforced}";
    }

    private static string RowLine(
        Cursor cursor, TablePlace place, TableSchema? table, RowStamps stamps, ChainDirectory chains)
    {
        StoredRow row = StoredRow.Read(cursor.Value);
        StoredLayout layout = place.Layouts[row.LayoutNumber];
        stamps.Load(row, layout.Columns.Length, chains);
        List<(ColumnId Id, string Text)> values = [];
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            string text = ModelValue.Text(layout.Columns[i], layout.Layout, row.Image, i);
            values.Add((layout.Columns[i].Id, $"{text}@{Name(stamps.Columns[i], chains)}"));
        }

        bool isSeen = table is not null;
        string flags = $"{(row.IsAppended ? "appended" : "")}{(row.IsDead ? "dead" : "")}{(isSeen && row.IsHidden ? "hidden" : "")}"
            + (isSeen && (row.Flags & StoredRow.MisplacedFlag) != 0 ? "misplaced" : "") + (isSeen && row.IsOverruled ? "overruled" : "");
        return $"{flags} {Name(stamps.Existence, chains)} {Name(stamps.Base, chains)} "
            + string.Join(' ', values.OrderBy(value => value.Id).Select(value => value.Text))
            + string.Concat(CellRegisters.ReadAll(row, layout).Select(register => RegisterText(register, chains))
                .Order(StringComparer.Ordinal).Select(text => $" [{text}]"));
    }

    private static string RegisterText(CellRegister register, ChainDirectory chains)
    {
        string value = register.Kind is RegisterKind.Total or RegisterKind.Rights
            ? ""
            : ModelValue.Text(register.Form, register.Value.Layout, register.Image, 0);
        return ModelWord.Text(
            register.Kind, register.Lane, register.Form, value, $"{register.Collation}.{register.Digits}", register.Total,
            [.. register.Seen], register.Rights, [.. register.Dots], register.Edits, Name(register.Stamp(), chains));
    }

    private static string Name(in Stamp stamp, ChainDirectory chains) => stamp.Hlc.Value == 0
        ? "-"
        : $"{stamp.Hlc.Value}/{chains.AuthorOf(stamp.Chain)}/{chains.EntryAt(stamp.Chain, stamp.Hlc)}/{stamp.Op}";
}
