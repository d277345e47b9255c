using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Apply;

/// <summary>Which entry is applied: where its operations stand in the total order.</summary>
/// <param name="Chain">This node's number of the chain.</param>
/// <param name="Hlc">Its time.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct EntryOrigin(int Chain, HlcTimestamp Hlc, AuthorKey Author, EntryId Id)
{
    /// <summary>The short stamp of one of its operations.</summary>
    public Stamp StampOf(int opIndex) => new(Hlc, Chain, (uint)opIndex);

    /// <summary>The full stamp of one of its operations.</summary>
    public DefinitionStamp DefinitionStampOf(int opIndex) => new(Hlc, Author.Key, Id.Hash, (uint)opIndex);
}
