using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>The definition of a table with the columns and indexes of another.</summary>
internal static class TableCopy
{
    /// <summary>Builds it.</summary>
    public static TableDefinition Like(
        StatementContext context, TableSchema source, string name, DatabaseSchema database, Hash256 databaseId)
    {
        var columns = new ColumnDefinition[source.Columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnSchema column = source.Columns[i];
            columns[i] = new ColumnDefinition
            {
                Id = CatalogIds.ColumnIdOf(column.Name, 0),
                Name = column.Name,
                Generation = 0,
                Position = ColumnPlace.OfIndex(i),
                Shape = column.Shape,
                // The source's own may be of the type that the column had when it was added.
                Fill = ColumnBuilder.Fill(context, column.Shape),
            };
        }

        IndexColumn[] key = source.PrimaryKey is { } primary ? Parts(primary, columns) : [];
        uint generation = 0;
        var id = CatalogIds.TableIdOf(databaseId, name, key, columns, generation);
        while (database.IsKnown(id))
            id = CatalogIds.TableIdOf(databaseId, name, key, columns, ++generation);
        List<IndexDefinition> indexes = [];
        foreach (IndexSchema index in source.Indexes)
        {
            indexes.Add(new IndexDefinition
            {
                Name = index.Name,
                Kind = index.Kind,
                Columns = [.. Parts(index, columns)],
                Comment = index.Comment,
                IsInvisible = index.IsInvisible,
            });
        }

        return new TableDefinition
        {
            Id = id,
            Name = name,
            Generation = generation,
            Options = source.Options,
            Columns = [.. columns],
            PrimaryKey = [.. key],
            Indexes = [.. indexes],
        };
    }

    /// <summary>The CHECK constraints of a table for its copy, under names of their own.</summary>
    public static IEnumerable<CheckDefinition> ChecksLike(TableSchema source, TableDefinition copy)
    {
        int number = 0;
        foreach (CheckDefinition check in source.Checks)
        {
            List<ReferencedColumn> columns = [];
            foreach (ReferencedColumn column in check.Columns)
                columns.Add(column with { Id = copy.Columns[source.OrdinalOf(column.Id)].Id });
            columns.Sort(static (left, right) => left.Id.CompareTo(right.Id));
            string name = string.Create(CultureInfo.InvariantCulture, $"{CheckBuilder.GeneratedStart(copy.Name)}{++number}");
            yield return check with { Name = name, Columns = [.. columns] };
        }
    }

    private static IndexColumn[] Parts(IndexSchema index, ColumnDefinition[] columns)
    {
        var parts = new IndexColumn[index.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            IndexPart part = index.Parts[i];
            parts[i] = new IndexColumn(columns[part.Ordinal].Id, part.PrefixLength, part.IsDescending);
        }

        return parts;
    }
}
