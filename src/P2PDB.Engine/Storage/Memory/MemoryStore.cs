namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// The store that keeps everything in memory: for development, tests and the simulator. What it held is gone with it; the
/// log rebuilds it.
/// </summary>
internal sealed class MemoryStore : IStore
{
    private readonly MemoryWriter _writer;
    private volatile MemorySnapshot _current = new(RootTable<TreeRoot>.Empty, 0, null);

    public MemoryStore() => _writer = new MemoryWriter(this);

    /// <summary>The newest published state.</summary>
    public MemorySnapshot Current => _current;

    public StoreSnapshot BeginRead() => _current;

    public StoreWriter BeginWrite() => _writer.Begin();

    public bool TryReserve(long length) => true;

    public void Dispose() => _current = new(RootTable<TreeRoot>.Empty, _current.CommitNumber, null);

    /// <summary>Makes a state the newest one; for the writer.</summary>
    public void Publish(MemorySnapshot next)
    {
        Invariant.Check(next.CommitNumber > _current.CommitNumber, "commit numbers grow");
        _current = next;
    }
}
