using P2PDB.Engine.Log;

namespace P2PDB.Engine.Sync;

/// <summary>Consecutive entries of the chain that ends in a head.</summary>
/// <param name="Author">The chain's author.</param>
/// <param name="From">The first entry's seq.</param>
/// <param name="To">The last entry's seq; the head's own.</param>
/// <param name="Head">The entry at <paramref name="To"/>: tells the branches of a forked author apart.</param>
internal readonly record struct EntryRange(AuthorKey Author, ulong From, ulong To, EntryId Head);
