using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>What the writer of a counter's base had seen of another's deltas: they are part of the base.</summary>
/// <param name="Author">Whose deltas.</param>
/// <param name="Total">Their sum.</param>
internal readonly record struct SeenTotal(PublicKey Author, ExactNumber Total);
