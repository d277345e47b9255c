using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// One version of a table: immutable, but for the layouts and the counter, which grow and which all versions share. A plan
/// that holds a version is stale when the snapshot's version is another object.
/// </summary>
internal sealed class TableSchema
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.OrdinalIgnoreCase);
    private LayoutMap?[] _maps = [];

    /// <summary>Takes the columns in their order.</summary>
    public TableSchema(ImmutableArray<ColumnSchema> columns)
    {
        Columns = columns;
        AutoIncrementOrdinal = -1;
        foreach (ColumnSchema column in columns)
        {
            _ordinals[column.Name] = column.Ordinal;
            if (column.IsAutoIncrement)
                AutoIncrementOrdinal = column.Ordinal;
        }
    }

    /// <summary>The identity that outlives renames.</summary>
    public required TableId Id { get; init; }

    /// <summary>The name it is shown under.</summary>
    public required string Name { get; init; }

    /// <summary>Options: collation, comment.</summary>
    public required TableOptions Options { get; init; }

    /// <summary>The columns, by ordinal.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; }

    /// <summary>The primary key, or null: then rows go by a hidden key that the writer makes.</summary>
    public required IndexSchema? PrimaryKey { get; init; }

    /// <summary>All other indexes, in order of creation.</summary>
    public required ImmutableArray<IndexSchema> Indexes { get; init; }

    /// <summary>The foreign keys of its rows, in order of creation; <see cref="DatabaseSchema"/> knows what they reference.</summary>
    public ImmutableArray<ForeignKeyDefinition> ForeignKeys { get; init; } = [];

    /// <summary>The CHECK constraints, in order of creation.</summary>
    public ImmutableArray<CheckDefinition> Checks { get; init; } = [];

    /// <summary>The tree that holds the rows: primary key → row record.</summary>
    public required TreeId RowTree { get; init; }

    /// <summary>The layouts that row records of this table have on this node.</summary>
    public required RowLayouts Layouts { get; init; }

    /// <summary>The layout of exactly this version's columns: what a writer's INSERT uses.</summary>
    public required StoredLayout WriteLayout { get; init; }

    /// <summary>The table's counter.</summary>
    public required AutoIncrementCounter AutoIncrement { get; init; }

    /// <summary>Commit number of this version.</summary>
    public required long Version { get; init; }

    /// <summary>Ordinal of the AUTO_INCREMENT column, or -1.</summary>
    public int AutoIncrementOrdinal { get; }

    /// <summary>True where rows are appended and then stay as they are.</summary>
    public required bool IsAppend { get; init; }

    /// <summary>True where an index is UNIQUE besides the primary key, so that rows may be hidden.</summary>
    public bool HasUniqueIndexes
    {
        get
        {
            foreach (IndexSchema index in Indexes)
            {
                if (index.IsUnique)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The ordinal of a column by name, in any case; -1 when there is none.</summary>
    public int OrdinalOf(string name) => _ordinals.TryGetValue(name, out int ordinal) ? ordinal : -1;

    /// <summary>The ordinal of a column by identity; -1 when this version does not have it.</summary>
    public int OrdinalOf(ColumnId id)
    {
        foreach (ColumnSchema column in Columns)
        {
            if (column.Id == id)
                return column.Ordinal;
        }

        return -1;
    }

    /// <summary>An index by name, in any case, PRIMARY among them; null when there is none.</summary>
    public IndexSchema? FindIndex(string name)
    {
        if (PrimaryKey is not null && name.Equals(PrimaryKey.Name, StringComparison.OrdinalIgnoreCase))
            return PrimaryKey;
        foreach (IndexSchema index in Indexes)
        {
            if (name.Equals(index.Name, StringComparison.OrdinalIgnoreCase))
                return index;
        }

        return null;
    }

    /// <summary>Where the image of a row record with this layout number has the columns.</summary>
    public LayoutMap Map(int layoutNumber)
    {
        // A race makes the same map twice, which does no harm.
        LayoutMap?[] maps = Volatile.Read(ref _maps);
        if (layoutNumber >= maps.Length)
        {
            Array.Resize(ref maps, Math.Max(layoutNumber + 1, Layouts.Count));
            Volatile.Write(ref _maps, maps);
        }

        return maps[layoutNumber] ??= new LayoutMap(this, Layouts[layoutNumber]);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
