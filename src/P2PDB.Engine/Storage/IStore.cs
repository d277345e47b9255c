namespace P2PDB.Engine.Storage;

/// <summary>
/// The seam under everything that keeps rows: ordered trees of bytes, one writer, many readers. Real stores: memory
/// (this folder) and file.
/// </summary>
internal interface IStore : IDisposable
{
    /// <summary>The newest published state of all trees. Never waits.</summary>
    public StoreSnapshot BeginRead();

    /// <summary>Starts the one write. A second one while the first is neither published nor disposed is a broken invariant.</summary>
    public StoreWriter BeginWrite();

    /// <summary>
    /// False when the disk has no room for what was written before and a write of about so many bytes of changes. Ask before a
    /// write that must not fail; reads go on.
    /// </summary>
    public bool TryReserve(long length);
}
