using System.Numerics;
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// The store that keeps trees in pages: hot ones in memory (<see cref="PageCache"/>), the others in the page file, all of
/// them as of the last checkpoint on the disk. What was written after it, the owner's log holds.
/// </summary>
internal sealed class PageStore : IStore
{
    /// <summary>The file that says what the last checkpoint is.</summary>
    public const string ManifestPath = Directory + "/manifest";

    private const string Directory = "pages";

    /// <summary>Pages whose room is kept beside what is known to be needed: for inner nodes, and for what is lost at the log's ends.</summary>
    private const long SparePages = 64;

    private readonly StorageVolume _volume;
    private readonly FasterPageFile _file;
    private readonly PageWriter _writer;
    private int _checkpointsUnderWay;
    private long _keptCount;

    private PageStore(StorageVolume volume, PageStoreOptions options, StoreManifest? manifest)
    {
        _volume = volume;
        long fileMemory = Math.Clamp(options.Memory / 8, PageStoreOptions.FileMemoryMin, PageStoreOptions.FileMemoryMax);
        long indexMemory = 1L << BitOperations.Log2(
            (ulong)Math.Max(options.Memory / PageStoreOptions.IndexShare, PageStoreOptions.IndexMemoryMin));
        _file = FasterPageFile.Open(
            volume, Directory, new PageFileOptions { Memory = fileMemory, IndexLength = indexMemory }, manifest?.Token);
        var first = new PageSnapshot(this);
        Snapshots = new SnapshotRegistry<PageRoot>(first, () => new PageSnapshot(this));
        Space = new PageSpace(new PageCache(_file, Snapshots, options.Memory - fileMemory - indexMemory), _file, Snapshots);
        _writer = new PageWriter(this);
        if (manifest is not null)
            Load(manifest, first.Roots);
        first.Open(manifest?.CommitNumber ?? 0, null);
    }

    /// <summary>Numbers and reading of pages.</summary>
    public PageSpace Space { get; }

    /// <summary>The states that are being read.</summary>
    public SnapshotRegistry<PageRoot> Snapshots { get; }

    /// <summary>Records of each tree.</summary>
    public TreeCounts Counts { get; } = new();

    /// <summary>Bytes by which the page file grew since the last checkpoint: what came before it is not given back sooner.</summary>
    public long GrowthSinceCheckpoint => _file.GrowthSinceCheckpoint;

    /// <summary>True while the disk does not take what is written; nothing is lost, but a checkpoint would wait for it.</summary>
    public bool IsFailing => _file.IsFailing;

    /// <summary>True while a checkpoint is being written.</summary>
    public bool IsInCheckpoint => Volatile.Read(ref _checkpointsUnderWay) > 0;

    /// <summary>Checkpoints completed since the start.</summary>
    public long CheckpointCount => Interlocked.Read(ref _keptCount);

    /// <summary>What the last checkpoint in a volume is, to open it with; null where there is none.</summary>
    /// <exception cref="CorruptionException">The manifest is damaged.</exception>
    public static StoreManifest? ReadManifest(StorageVolume volume) =>
        volume.TryReadAll(ManifestPath) is { } bytes ? StoreManifest.Read(bytes, ManifestPath) : null;

    /// <summary>
    /// Opens the store of a volume as of the checkpoint that its manifest says; without one it is empty, and what an unfinished one left is removed.
    /// </summary>
    /// <exception cref="CorruptionException">A page is damaged.</exception>
    public static PageStore Open(StorageVolume volume, PageStoreOptions options, StoreManifest? manifest)
    {
        volume.CreateDirectory(Directory);
        return new PageStore(volume, options, manifest);
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
        Interlocked.Increment(ref _checkpointsUnderWay);
        return new PageCheckpoint(this, _file, Space.Mark());
    }

    /// <summary>For the checkpoint: it is over.</summary>
    public void EndCheckpoint() => Interlocked.Decrement(ref _checkpointsUnderWay);

    /// <summary>
    /// Copies what is live out of the oldest part of the page file where much of it is not; see <see cref="FasterPageFile.Compact"/>.
    /// </summary>
    public bool Compact() => _file.Compact(LengthOf(0));

    /// <summary>Replaces the manifest, durably.</summary>
    public void Keep(StoreManifest manifest)
    {
        _volume.Replace(ManifestPath, manifest.ToBytes());
        Interlocked.Increment(ref _keptCount);
    }

    /// <summary>A write that waits for room on the disk ends with a <see cref="DiskFullException"/>: before the owner ends.</summary>
    public void EndWaiting() => Space.Cache.EndWaiting();

    /// <summary>
    /// Closes the files. Nothing is written: call a checkpoint before where it is wanted. One under way ends with an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        _file.Dispose();
        SpinWait.SpinUntil(() => Volatile.Read(ref _checkpointsUnderWay) == 0);
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

    private void Load(StoreManifest manifest, RootTable<PageRoot> target)
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
        target.Follow(new RootTable<PageRoot>(), CollectionsMarshal.AsSpan(roots), manifest.CommitNumber);
    }
}
