namespace P2PDB.Engine.Catalog.Merging;

/// <summary>One adding of a member to a set: who, and when.</summary>
/// <param name="Author">0 for the writer of the word that names it, else the place in what the writer had seen, counted from 1.</param>
/// <param name="Time">The hybrid time of the adding operation; 0, of the writer alone, for the one at hand.</param>
internal readonly record struct MemberDot(int Author, ulong Time);
