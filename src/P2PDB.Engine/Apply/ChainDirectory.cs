using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Apply;

/// <summary>
/// What a stamp's short form stands for: chain numbers are this node's own, authors and entry ids everybody's. The order it
/// gives is the one total order: (hlc, author key, entry id, op index).
/// </summary>
internal abstract class ChainDirectory : StampOrder
{
    /// <summary>The author of a chain.</summary>
    public abstract AuthorKey AuthorOf(int chain);

    /// <summary>The id of the entry of a chain that has this time.</summary>
    public abstract EntryId EntryAt(int chain, HlcTimestamp hlc);

    /// <summary>The full form of a stamp; none for the default stamp.</summary>
    public DefinitionStamp Expand(in Stamp stamp) => stamp.Hlc.Value == 0
        ? default
        : new DefinitionStamp(
            stamp.Hlc, AuthorOf(stamp.Chain).Key, EntryAt(stamp.Chain, stamp.Hlc).Hash, stamp.Op);

    /// <summary>True where an operation is later than a definition.</summary>
    public bool IsLater(in Stamp stamp, in DefinitionStamp than) =>
        stamp.Hlc != than.Hlc ? stamp.Hlc.Value > than.Hlc.Value : Expand(stamp) > than;

    /// <inheritdoc/>
    protected override int CompareChains(in Stamp left, in Stamp right)
    {
        int order = AuthorOf(left.Chain).CompareTo(AuthorOf(right.Chain));
        return order != 0
            ? order
            : EntryAt(left.Chain, left.Hlc).CompareTo(EntryAt(right.Chain, right.Hlc));
    }
}
