using System.Collections.Frozen;
using System.Collections.Immutable;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Catalog;

/// <summary>One version of a database's catalog: its visible tables. Immutable.</summary>
internal sealed class DatabaseSchema
{
    private readonly FrozenDictionary<string, TableSchema> _byName;
    private readonly FrozenSet<TableId> _known;

    /// <summary>Takes the visible tables and the ids of all that ever were.</summary>
    public DatabaseSchema(
        Hash256 id, long version, ImmutableArray<TableSchema> tables, IEnumerable<TableId> known,
        ImmutableArray<SetAsideName> setAside)
    {
        Id = id;
        Version = version;
        Tables = tables;
        SetAside = setAside;
        _known = known.ToFrozenSet();
        Dictionary<string, TableSchema> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableSchema table in tables)
            byName[table.Name] = table;
        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The database: the hash of its genesis entry.</summary>
    public Hash256 Id { get; }

    /// <summary>Commit number of this version.</summary>
    public long Version { get; }

    /// <summary>The visible tables, by name.</summary>
    public ImmutableArray<TableSchema> Tables { get; }

    /// <summary>Names that two things claimed, and what the junior one is shown under.</summary>
    public ImmutableArray<SetAsideName> SetAside { get; }

    /// <summary>A table by the name it is shown under, in any case; null when there is none.</summary>
    public TableSchema? FindTable(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A visible table by identity; null when there is none.</summary>
    public TableSchema? FindTable(TableId id)
    {
        foreach (TableSchema table in Tables)
        {
            if (table.Id == id)
                return table;
        }

        return null;
    }

    /// <summary>True where a table of this identity was ever created, dropped since or not.</summary>
    public bool IsKnown(TableId id) => _known.Contains(id);
}
