namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// The store that keeps everything in memory: for development, tests and the simulator. What it held is gone with it; the
/// log rebuilds it.
/// </summary>
internal sealed class MemoryStore : IStore
{
    /// <summary>Spare nodes of a kind, and cells of a length: some commits' worth.</summary>
    private const int PoolCountMax = 1024;

    private readonly MemoryWriter _writer;

    public MemoryStore()
    {
        var first = new MemorySnapshot();
        first.Open(0, null);
        Snapshots = new SnapshotRegistry<TreeRoot>(first, static () => new MemorySnapshot());
        Pool = new TreePool(PoolCountMax);
        _writer = new MemoryWriter(this);
    }

    /// <summary>The states that are being read.</summary>
    public SnapshotRegistry<TreeRoot> Snapshots { get; }

    /// <summary>Memory for trees, for the writer.</summary>
    public TreePool Pool { get; }

    public StoreSnapshot BeginRead() => Snapshots.Take();

    public StoreWriter BeginWrite() => _writer.Begin();

    public bool TryReserve(long length) => true;

    public void Dispose()
    {
        // All of it is the garbage collector's: whoever still reads may go on.
    }
}
