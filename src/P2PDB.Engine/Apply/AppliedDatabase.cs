using P2PDB.Engine.Apply.ForeignKeys;
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

    /// <summary>The foreign keys by which rows overrule others, as of the last published schema.</summary>
    public IReadOnlyList<Link> Links { get; set; } = [];

    /// <summary>What the write under way changed of them.</summary>
    public LinkChanges LinkChanges { get; } = new();

    /// <summary>True for tables that come from a checkpoint, until they are published: what foreign keys make of their rows is in the rows.</summary>
    public bool IsRestored { get; set; }

    /// <summary>The newest schema; null before the first is published.</summary>
    public DatabaseSchema? Schema { get; set; }
}
