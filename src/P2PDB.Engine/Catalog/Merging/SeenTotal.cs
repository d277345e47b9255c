using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// What the writer of a value had seen of another author. Of a counter's base: the author's deltas, which are part of it. Of one of several
/// values: the hybrid time of the author's value, which it takes the place of. Of a set: the hybrid time up to which the author's addings are known.
/// </summary>
/// <param name="Author">The other author.</param>
/// <param name="Total">The sum of the deltas, or the time.</param>
internal readonly record struct SeenTotal(PublicKey Author, ExactNumber Total);
