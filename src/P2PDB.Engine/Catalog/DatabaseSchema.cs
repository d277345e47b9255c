using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Catalog;

/// <summary>One version of a database's catalog: its visible tables. Immutable.</summary>
internal sealed class DatabaseSchema
{
    private readonly Dictionary<string, TableSchema> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<TableId, TableSchema> _byId = [];
    private readonly Dictionary<string, ViewSchema> _viewsByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<TableId> _known = [];
    private readonly Dictionary<TableId, List<ForeignKeySchema>> _keysOf = [];
    private readonly Dictionary<TableId, List<ForeignKeySchema>> _keysTo = [];

    /// <summary>Takes the visible tables and views, and the places of all that ever were.</summary>
    public DatabaseSchema(
        Hash256 id, long version, ImmutableArray<TableSchema> tables, ImmutableArray<ViewSchema> views,
        ImmutableArray<KeyValuePair<TableId, TablePlace>> places, ImmutableArray<SetAsideName> setAside)
    {
        Id = id;
        Version = version;
        Tables = tables;
        Views = views;
        SetAside = setAside;
        Places = places;
        foreach ((TableId table, _) in places)
            _known.Add(table);
        foreach (TableSchema table in tables)
        {
            _byName[table.Name] = table;
            _byId[table.Id] = table;
        }

        foreach (ViewSchema view in views)
            _viewsByName[view.Name] = view;
        foreach (TableSchema table in tables)
        {
            foreach (ForeignKeyDefinition key in table.ForeignKeys)
                Add(new ForeignKeySchema(table, key, this));
        }
    }

    /// <summary>The database: the hash of its genesis entry.</summary>
    public Hash256 Id { get; }

    /// <summary>Commit number of this version.</summary>
    public long Version { get; }

    /// <summary>The visible tables, by name.</summary>
    public ImmutableArray<TableSchema> Tables { get; }

    /// <summary>The visible views, by name.</summary>
    public ImmutableArray<ViewSchema> Views { get; }

    /// <summary>Names that two things claimed, and what the junior one is shown under.</summary>
    public ImmutableArray<SetAsideName> SetAside { get; }

    /// <summary>Where all tables and views that any operation named lie on this node, dropped ones too, by id.</summary>
    public ImmutableArray<KeyValuePair<TableId, TablePlace>> Places { get; }

    /// <summary>A table by the name it is shown under, in any case; null when there is none.</summary>
    public TableSchema? FindTable(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A view by the name it is shown under, in any case; null when there is none.</summary>
    public ViewSchema? FindView(string name) => _viewsByName.GetValueOrDefault(name);

    /// <summary>The name of the table or view that has a name, in any case, as it is shown; null when the name is free.</summary>
    public string? FindName(string name) => FindTable(name)?.Name ?? FindView(name)?.Name;

    /// <summary>The identity of the table or view that has a name, in any case; null when the name is free.</summary>
    public TableId? FindId(string name) => FindTable(name)?.Id ?? FindView(name)?.Id;

    /// <summary>A visible table by identity; null when there is none.</summary>
    public TableSchema? FindTable(TableId id) => _byId.GetValueOrDefault(id);

    /// <summary>The foreign keys of a table, in order of creation.</summary>
    public IReadOnlyList<ForeignKeySchema> ForeignKeysOf(TableId table) => _keysOf.GetValueOrDefault(table) ?? [];

    /// <summary>The foreign keys that reference a table, its own among them.</summary>
    public IReadOnlyList<ForeignKeySchema> ForeignKeysTo(TableId table) => _keysTo.GetValueOrDefault(table) ?? [];

    /// <summary>True where a table or view of this identity was ever created, dropped since or not.</summary>
    public bool IsKnown(TableId id) => _known.Contains(id);

    private void Add(ForeignKeySchema key)
    {
        ListOf(_keysOf, key.Child.Id).Add(key);
        if (key.Parent is { } parent)
            ListOf(_keysTo, parent.Id).Add(key);
    }

    private static List<ForeignKeySchema> ListOf(Dictionary<TableId, List<ForeignKeySchema>> keys, TableId table)
    {
        if (!keys.TryGetValue(table, out List<ForeignKeySchema>? list))
            keys.Add(table, list = []);
        return list;
    }
}
