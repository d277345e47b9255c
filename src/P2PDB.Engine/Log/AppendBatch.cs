using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>What offering entries to a database's log led to. Reusable.</summary>
internal sealed class AppendBatch : IDisposable
{
    /// <summary>One status for each entry offered, in order.</summary>
    public List<AppendStatus> Statuses { get; } = [];

    /// <summary>The entries now held, in causal order; parked ones that could follow are among them.</summary>
    public List<EntryPosition> Appended { get; } = [];

    /// <summary>The bytes of the entries now held, in the same order: what the journal must keep.</summary>
    public ByteWriter Bytes { get; } = new();

    /// <summary>True when an entry of the author key that this node writes with came from outside: it must take a new key.</summary>
    public bool HasOwnEntries { get; set; }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Statuses.Clear();
        Appended.Clear();
        Bytes.Clear();
        HasOwnEntries = false;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => Bytes.Dispose();
}
