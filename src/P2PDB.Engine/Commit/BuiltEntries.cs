using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>The entries built for one group commit: their bytes back to back, as one journal record, and their ids in the same order.</summary>
internal sealed class BuiltEntries : IDisposable
{
    /// <summary>The entries' bytes.</summary>
    public ByteWriter Bytes { get; } = new(4096);

    /// <summary>The entries' ids, as their builder computed them: nothing is hashed again to find them.</summary>
    public List<EntryId> Ids { get; } = [];

    /// <summary>Forgets the entries and keeps the memory.</summary>
    public void Clear()
    {
        Bytes.Clear();
        Ids.Clear();
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => Bytes.Dispose();
}
