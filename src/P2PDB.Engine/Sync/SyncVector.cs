using P2PDB.Engine.Log;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Sync;

/// <summary>What a node held of one database at one moment: the head of each chain, and the hash that stands for all of it. Immutable.</summary>
/// <param name="Hash">The hash over the DAG's heads: equal hashes mean equal sets of entries. Zero when nothing is held.</param>
/// <param name="Items">The last entry of each chain and branch.</param>
internal sealed record SyncVector(Hash256 Hash, ChainHead[] Items)
{
    /// <summary>The vector of a database of which nothing is held.</summary>
    public static SyncVector Empty { get; } = new(default, []);

    /// <summary>The items of this vector that <paramref name="other"/> does not have.</summary>
    public ChainHead[] Except(SyncVector other)
    {
        var theirs = new HashSet<ChainHead>(other.Items);
        return Array.FindAll(Items, item => !theirs.Contains(item));
    }
}
