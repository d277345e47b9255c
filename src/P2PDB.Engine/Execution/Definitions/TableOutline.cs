using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>The columns and indexes of a table as a statement that defines or alters it will leave them.</summary>
internal sealed class TableOutline(string name)
{
    /// <summary>The table; of one that is being defined, known once its primary key is.</summary>
    public TableId Id { get; set; }

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The columns, by name.</summary>
    public Dictionary<string, OutlinedColumn> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the rows that are there show in columns that are added.</summary>
    public Dictionary<ColumnId, byte[]> Fills { get; } = [];

    /// <summary>The primary key's columns; empty where there is none.</summary>
    public IReadOnlyList<IndexColumn> PrimaryKey { get; set; } = [];

    /// <summary>The other indexes, by name.</summary>
    public Dictionary<string, IndexDefinition> Indexes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a table as it is.</summary>
    public static TableOutline Of(TableSchema table)
    {
        var outline = new TableOutline(table.Name) { Id = table.Id, PrimaryKey = table.PrimaryKey is { } key ? ColumnsOf(table, key) : [] };
        foreach (ColumnSchema column in table.Columns)
            outline.Columns[column.Name] = new OutlinedColumn(column.Id, column.Name, column.Type, column.IsNullable && !column.IsInPrimaryKey);
        foreach (IndexSchema index in table.Indexes)
            outline.Indexes[index.Name] = new IndexDefinition { Name = index.Name, Kind = index.Kind, Columns = [.. ColumnsOf(table, index)] };
        return outline;
    }

    /// <summary>A column by identity; null where it is gone.</summary>
    public OutlinedColumn? Find(ColumnId id)
    {
        foreach (OutlinedColumn column in Columns.Values)
        {
            if (column.Id == id)
                return column;
        }

        return null;
    }

    /// <summary>Takes a column away, from the indexes too.</summary>
    public void Remove(string name)
    {
        if (!Columns.Remove(name, out OutlinedColumn column))
            return;
        foreach (IndexDefinition index in (IndexDefinition[])[.. Indexes.Values])
            Indexes[index.Name] = index with { Columns = index.Columns.RemoveAll(part => part.Column == column.Id) };
    }

    /// <summary>True where an index but <paramref name="except"/>, or the primary key, begins with whole columns in an order.</summary>
    public bool HasIndexFor(ReadOnlySpan<ColumnId> columns, string? except = null)
    {
        if (BeginsWith(PrimaryKey, columns))
            return true;
        foreach ((string name, IndexDefinition index) in Indexes)
        {
            if (BeginsWith(index.Columns, columns) && !name.Equals(except, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>True where the primary key or a unique index is over exactly these whole columns in their order.</summary>
    public bool HasKeyOf(ReadOnlySpan<ColumnId> columns)
    {
        if (PrimaryKey.Count == columns.Length && BeginsWith(PrimaryKey, columns))
            return true;
        foreach (IndexDefinition index in Indexes.Values)
        {
            if (index.Kind == IndexKind.Unique && index.Columns.Length == columns.Length && BeginsWith(index.Columns, columns))
                return true;
        }

        return false;
    }

    /// <summary>A name that no index has, made of a column's.</summary>
    public string FreeIndexName(string column)
    {
        string name = column;
        for (int i = 2; Indexes.ContainsKey(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{column}_{i}");
        return name;
    }

    /// <summary>True where an index begins with whole columns in an order.</summary>
    public static bool BeginsWith(IReadOnlyList<IndexColumn> index, ReadOnlySpan<ColumnId> columns)
    {
        if (index.Count < columns.Length)
            return false;
        for (int i = 0; i < columns.Length; i++)
        {
            if (index[i].Column != columns[i] || index[i].PrefixLength != 0)
                return false;
        }

        return true;
    }

    private static IndexColumn[] ColumnsOf(TableSchema table, IndexSchema index)
    {
        var columns = new IndexColumn[index.Parts.Length];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = new IndexColumn(table.Columns[index.Parts[i].Ordinal].Id, index.Parts[i].PrefixLength, index.Parts[i].IsDescending);
        return columns;
    }
}
