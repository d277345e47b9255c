using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// Where an operation stands in the one total order (hlc, author key, entry id, op index), in the short form that this node
/// stores beside rows. The chain stands for author and entry: within a chain the hlc grows, so both name one entry.
/// INVARIANT: chain numbers are this node's own; they enter no digest and no wire. Compare with <see cref="StampOrder"/>.
/// </summary>
/// <param name="Hlc">The entry's time.</param>
/// <param name="Chain">This node's number of the chain that holds the entry.</param>
/// <param name="Op">0-based index of the operation among all operations of the entry.</param>
internal readonly record struct Stamp(HlcTimestamp Hlc, int Chain, uint Op);
