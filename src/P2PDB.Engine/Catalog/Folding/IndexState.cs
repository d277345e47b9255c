using P2PDB.Engine.Catalog.Definitions;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>The register of one index name of a table: its definition, or null where it was dropped.</summary>
internal sealed class IndexState
{
    /// <summary>The definition; null is dropped.</summary>
    public Register<IndexDefinition?> Definition;

    /// <summary>Earliest operation that created it: the order of indexes in SHOW, and of equal claims to a name.</summary>
    public DefinitionStamp Created;
}
