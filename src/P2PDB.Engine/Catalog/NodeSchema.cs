using System.Collections.Frozen;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// The catalogs of all replicated databases of a node, as of one commit: the companion of a store snapshot. Immutable.
/// </summary>
internal sealed class NodeSchema
{
    private readonly FrozenDictionary<Hash256, DatabaseSchema> _databases;

    private NodeSchema(FrozenDictionary<Hash256, DatabaseSchema> databases) => _databases = databases;

    /// <summary>No database.</summary>
    public static NodeSchema Empty { get; } = new(FrozenDictionary<Hash256, DatabaseSchema>.Empty);

    /// <summary>All databases.</summary>
    public IReadOnlyCollection<DatabaseSchema> Databases => _databases.Values;

    /// <summary>A database by identity; null where nothing of it was applied yet.</summary>
    public DatabaseSchema? Find(Hash256 id) => _databases.GetValueOrDefault(id);

    /// <summary>The same with one database added or replaced.</summary>
    public NodeSchema With(DatabaseSchema database)
    {
        Dictionary<Hash256, DatabaseSchema> databases = new(_databases) { [database.Id] = database };
        return new NodeSchema(databases.ToFrozenDictionary());
    }

    /// <summary>The same without one database.</summary>
    public NodeSchema Without(Hash256 id)
    {
        Dictionary<Hash256, DatabaseSchema> databases = new(_databases);
        databases.Remove(id);
        return new NodeSchema(databases.ToFrozenDictionary());
    }
}
