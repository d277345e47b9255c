using System.Collections.Immutable;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>
/// Logs foreign keys anew whose names, or whose tables' and columns' names, change with a statement: a key holds the names that count where
/// an identity is unknown or gone, and one that was made up of a table's name follows it.
/// </summary>
internal static class ForeignKeyRenames
{
    /// <summary>After tables got other names.</summary>
    public static void OfTables(
        StatementContext context, Hash256 id, DatabaseSchema database, IReadOnlyDictionary<TableId, string> names)
    {
        foreach (TableSchema table in database.Tables)
        {
            foreach (ForeignKeySchema link in database.ForeignKeysOf(table.Id))
            {
                bool isParentRenamed = names.TryGetValue(link.Parent?.Id ?? default, out string? parentName);
                string name = names.TryGetValue(table.Id, out string? tableName) ? Renamed(link.Name, table.Name, tableName) : link.Name;
                if (!isParentRenamed && name == link.Name)
                    continue;
                if (!CatalogIds.AreSame(name, link.Name))
                    CheckIsFree(database, name);
                Log(context, id, link, Current(link) with { Name = name, ParentName = parentName ?? link.ParentName });
            }
        }
    }

    /// <summary>After a column of a table got another name.</summary>
    public static void OfColumn(
        StatementContext context, Hash256 id, DatabaseSchema database, TableSchema table, ColumnSchema column, string name)
    {
        foreach (ForeignKeySchema link in database.ForeignKeysTo(table.Id))
        {
            int index = Array.IndexOf(link.ParentOrdinals, column.Ordinal);
            if (index < 0)
                continue;
            ForeignKeyDefinition current = Current(link);
            Log(context, id, link, current with
            {
                ParentColumns = current.ParentColumns.SetItem(index, new ReferencedColumn(column.Id, name)),
            });
        }
    }

    /// <summary>The definition with the identities and names that its parts have now.</summary>
    private static ForeignKeyDefinition Current(ForeignKeySchema link)
    {
        if (link.Parent is not { } parent)
            return link.Definition;
        ImmutableArray<ReferencedColumn> columns = link.Definition.ParentColumns;
        for (int i = 0; i < columns.Length; i++)
        {
            if (link.ParentOrdinals[i] is >= 0 and int ordinal)
                columns = columns.SetItem(i, new ReferencedColumn(parent.Columns[ordinal].Id, parent.Columns[ordinal].Name));
        }

        return link.Definition with { Parent = parent.Id, ParentName = parent.Name, ParentColumns = columns };
    }

    private static string Renamed(string key, string oldTable, string newTable)
    {
        string start = ForeignKeyBuilder.GeneratedStart(oldTable);
        return key.StartsWith(start, StringComparison.OrdinalIgnoreCase) ? ForeignKeyBuilder.GeneratedStart(newTable) + key[start.Length..] : key;
    }

    private static void CheckIsFree(DatabaseSchema database, string name)
    {
        foreach (TableSchema table in database.Tables)
        {
            foreach (ForeignKeyDefinition key in table.ForeignKeys)
            {
                if (key.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    throw ConstraintErrors.DuplicateForeignKey(name).ToException();
            }
        }
    }

    private static void Log(StatementContext context, Hash256 id, ForeignKeySchema link, ForeignKeyDefinition renamed)
    {
        using var payload = new ByteWriter();
        if (renamed.Name != link.Name)
        {
            DefinitionWriter.WriteName(payload, link.Child.Id, link.Name);
            context.Transaction.Define(id, DefinitionKind.DropForeignKey, payload.Written);
            payload.Clear();
        }

        ConstraintCodec.WriteCreateForeignKey(payload, link.Child.Id, renamed);
        context.Transaction.Define(id, DefinitionKind.CreateForeignKey, payload.Written);
    }
}
