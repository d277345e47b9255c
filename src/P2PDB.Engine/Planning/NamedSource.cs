using P2PDB.Engine.Catalog;

namespace P2PDB.Engine.Planning;

/// <summary>What a name in a FROM clause means: exactly one of the three.</summary>
/// <param name="Table">A replicated table.</param>
/// <param name="View">A view.</param>
/// <param name="Virtual">A table that the node makes up.</param>
internal readonly record struct NamedSource(TableSchema? Table = null, ViewSchema? View = null, VirtualTable? Virtual = null);
