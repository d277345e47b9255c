using System.Numerics;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// The store that keeps trees in pages: hot ones in memory (<see cref="PageCache"/>), the others in the page file, all of
/// them as of the last checkpoint on the disk. What was written after it, the owner's log holds.
/// </summary>
internal sealed class PageStore : IStore
{
    private const string Directory = "pages";
    private const string ManifestPath = Directory + "/manifest";

    /// <summary>Pages whose room is kept beside what is known to be needed: for inner nodes, and for what is lost at the log's ends.</summary>
    private const long SparePages = 64;

    private readonly StorageVolume _volume;
    private readonly FasterPageFile _file;
    private readonly PageWriter _writer;
    private int _checkpointCount;

    private PageStore(StorageVolume volume, PageStoreOptions options, StoreManifest? manifest)
    {
        _volume = volume;
        long fileMemory = Math.Clamp(options.Memory / 8, PageStoreOptions.FileMemoryMin, PageStoreOptions.FileMemoryMax);
        long indexMemory = 1L << BitOperations.Log2(
            (ulong)Math.Max(options.Memory / PageStoreOptions.IndexShare, PageStoreOptions.IndexMemoryMin));
        _file = FasterPageFile.Open(
            volume, Directory, new PageFileOptions { Memory = fileMemory, IndexLength = indexMemory }, manifest?.Token);
        var first = new PageSnapshot(this);
        Snapshots = new SnapshotRegistry(first);
        Space = new PageSpace(new PageCache(_file, Snapshots, options.Memory - fileMemory - indexMemory), _file, Snapshots);
        _writer = new PageWriter(this);
        first.Open(manifest is null ? RootTable<PageRoot>.Empty : Load(manifest), manifest?.CommitNumber ?? 0, null);
        Owner = manifest?.Owner ?? [];
    }

    /// <summary>What the owner gave to the checkpoint that the store was opened at; empty for a new store.</summary>
    public byte[] Owner { get; }

    /// <summary>Numbers and reading of pages.</summary>
    public PageSpace Space { get; }

    /// <summary>The states that are being read.</summary>
    public SnapshotRegistry Snapshots { get; }

    /// <summary>Records of each tree.</summary>
    public TreeCounts Counts { get; } = new();

    /// <summary>Opens the store of a volume as of its last checkpoint; empty where there is none.</summary>
    /// <exception cref="CorruptionException">The manifest or a page is damaged.</exception>
    public static PageStore Open(StorageVolume volume, PageStoreOptions options)
    {
        volume.CreateDirectory(Directory);
        byte[]? bytes = volume.TryReadAll(ManifestPath);
        return new PageStore(volume, options, bytes is null ? null : StoreManifest.Read(bytes, ManifestPath));
    }

    /// <summary>Makes an empty store in a volume; what one left there is removed.</summary>
    public static PageStore Create(StorageVolume volume, PageStoreOptions options)
    {
        volume.DeleteDirectory(Directory);
        return Open(volume, options);
    }

    /// <inheritdoc/>
    public StoreSnapshot BeginRead() => Snapshots.Take();

    /// <inheritdoc/>
    public StoreWriter BeginWrite() => _writer.Begin();

    /// <inheritdoc/>
    public bool TryReserve(long length) => _file.TryReserve(LengthOf(length));

    /// <summary>
    /// Begins a checkpoint of the newest state; the caller sees to it that no write is under way. Fast: the work is in
    /// <see cref="PageCheckpoint.Complete"/>, beside which writes go on.
    /// </summary>
    public PageCheckpoint BeginCheckpoint()
    {
        Interlocked.Increment(ref _checkpointCount);
        return new PageCheckpoint(this, _file, Space.Mark());
    }

    /// <summary>For the checkpoint: it is over.</summary>
    public void EndCheckpoint() => Interlocked.Decrement(ref _checkpointCount);

    /// <summary>
    /// Copies what is live out of the oldest part of the page file where much of it is not; see <see cref="FasterPageFile.Compact"/>.
    /// </summary>
    public bool Compact() => _file.Compact(LengthOf(0));

    /// <summary>Replaces the manifest, durably.</summary>
    public void Keep(StoreManifest manifest) => _volume.Replace(ManifestPath, manifest.ToBytes());

    /// <summary>A write that waits for room on the disk ends with a <see cref="DiskFullException"/>: before the owner ends.</summary>
    public void EndWaiting() => Space.Cache.EndWaiting();

    /// <summary>
    /// Closes the files. Nothing is written: call a checkpoint before where it is wanted. One under way ends with an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        _file.Dispose();
        SpinWait.SpinUntil(() => Volatile.Read(ref _checkpointCount) == 0);
        Space.Cache.Dispose();
    }

    /// <summary>
    /// Bytes of the page file for all that is dirty, a checkpoint's own pages, and a write of changes that many bytes long. Where
    /// the write makes more pages dirty (short changes here and there), those stay in memory until the next one asked for room.
    /// </summary>
    private long LengthOf(long changesLength)
    {
        long pages = Space.Cache.DirtyCount + (2 * changesLength / PageFormat.ImageLength);
        return (pages + (pages / 16) + SparePages) * FasterPageFile.RecordLength;
    }

    private RootTable<PageRoot> Load(StoreManifest manifest)
    {
        var roots = new List<KeyValuePair<TreeId, PageRoot>>(manifest.Trees.Count);
        foreach (StoredTree tree in manifest.Trees)
        {
            roots.Add(new(tree.Id, tree.IsLeaf
                ? new PageRoot(null, tree.Page, tree.HasLongValues)
                : new PageRoot(Space.ReadNode(tree.Page), 0, tree.HasLongValues)));
            Counts.Set(tree.Id, tree.Count);
        }

        Space.Restore([.. manifest.Unused], manifest.Next);
        return RootTable<PageRoot>.Empty.With(roots);
    }
}
