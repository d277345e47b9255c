using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog;

/// <summary>One version of a view. Immutable.</summary>
/// <param name="Id">The identity that outlives renames.</param>
/// <param name="Name">The name it is shown under.</param>
/// <param name="Definition">What it is.</param>
internal sealed record ViewSchema(TableId Id, string Name, ViewDefinition Definition);
