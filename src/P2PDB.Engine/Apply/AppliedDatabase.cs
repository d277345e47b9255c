using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply;

/// <summary>A database as the applier works on it.</summary>
internal sealed class AppliedDatabase(DatabaseId id, ChainDirectory chains)
{
    /// <summary>The database.</summary>
    public DatabaseId Id { get; } = id;

    /// <summary>What its stamps stand for.</summary>
    public ChainDirectory Chains { get; } = chains;

    /// <summary>The registers of all its definitions.</summary>
    public DatabaseState State { get; } = new(id.Hash);

    /// <summary>Its tables, by id.</summary>
    public Dictionary<TableId, AppliedTable> Tables { get; } = [];

    /// <summary>True where definitions changed since the last published schema.</summary>
    public bool IsChanged { get; set; } = true;

    /// <summary>The newest schema; null before the first is published.</summary>
    public DatabaseSchema? Schema { get; set; }
}
