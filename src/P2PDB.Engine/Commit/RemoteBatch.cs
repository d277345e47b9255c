using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>Entries of one database that a peer sent. Reusable.</summary>
internal sealed class RemoteBatch : IDisposable
{
    /// <summary>The database they are said to belong to.</summary>
    public DatabaseId Database { get; set; }

    /// <summary>The entries, back to back; borrowed until the call returns.</summary>
    public ReadOnlyMemory<byte> Entries { get; set; }

    /// <summary>Whether the batch was taken at all; what became of each entry is in <see cref="Result"/>.</summary>
    public CommitStatus Status { get; internal set; }

    /// <summary>What became of each entry.</summary>
    public AppendBatch Result { get; } = new();

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => Result.Dispose();
}
