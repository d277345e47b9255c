using System.Collections.Immutable;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>
/// Logs constraints anew whose names, or whose tables' and columns' names, change with a statement: a foreign key holds the names that count
/// where an identity is unknown or gone, and the name of a constraint that was made up of a table's follows it.
/// </summary>
internal static class ConstraintRenames
{
    /// <summary>After tables got other names. What an ALTER TABLE that does this drops besides is left to it.</summary>
    public static void OfTables(
        StatementContext context, Hash256 id, DatabaseSchema database, IReadOnlyDictionary<TableId, string> names,
        ForeignKeyAlteration? keys = null, CheckAlteration? checks = null)
    {
        foreach (TableSchema table in database.Tables)
        {
            if (names.TryGetValue(table.Id, out string? newName))
                RenameChecks(context, id, database, table, newName, checks);
            foreach (ForeignKeySchema link in database.ForeignKeysOf(table.Id))
            {
                bool isParentRenamed = names.TryGetValue(link.Parent?.Id ?? default, out string? parentName);
                string name = newName is null
                    ? link.Name : Renamed(link.Name, ForeignKeyBuilder.GeneratedStart(table.Name), ForeignKeyBuilder.GeneratedStart(newName));
                if ((!isParentRenamed && name == link.Name) || (newName is not null && keys?.Drops(link.Name) == true))
                    continue;
                if (!CatalogIds.AreSame(name, link.Name))
                    CheckIsFree(database, name, isCheck: false);
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

    private static string Renamed(string name, string oldStart, string newStart) =>
        name.StartsWith(oldStart, StringComparison.OrdinalIgnoreCase) ? newStart + name[oldStart.Length..] : name;

    private static void RenameChecks(
        StatementContext context, Hash256 id, DatabaseSchema database, TableSchema table, string newTable, CheckAlteration? alteration)
    {
        using var payload = new ByteWriter();
        foreach (CheckDefinition check in table.Checks)
        {
            string name = Renamed(check.Name, CheckBuilder.GeneratedStart(table.Name), CheckBuilder.GeneratedStart(newTable));
            if (name == check.Name || alteration?.Drops(check.Name) == true)
                continue;
            if (!CatalogIds.AreSame(name, check.Name))
                CheckIsFree(database, name, isCheck: true);
            payload.Clear();
            DefinitionWriter.WriteName(payload, table.Id, check.Name);
            context.Transaction.Define(id, DefinitionKind.DropCheck, payload.Written);
            Statements.DefinitionExecutor.DefineChecks(context, id, table.Id, [check with { Name = name }]);
        }
    }

    private static void CheckIsFree(DatabaseSchema database, string name, bool isCheck)
    {
        foreach (TableSchema table in database.Tables)
        {
            foreach (CheckDefinition check in table.Checks)
            {
                if (isCheck && check.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    throw ConstraintErrors.DuplicateCheck(name).ToException();
            }

            foreach (ForeignKeyDefinition key in table.ForeignKeys)
            {
                if (!isCheck && key.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
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
