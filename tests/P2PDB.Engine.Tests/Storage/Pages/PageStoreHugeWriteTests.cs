using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Engine.Tests.Storage.Pages;

/// <summary>Writes far larger than the cache, which has 1 MiB here.</summary>
public sealed class PageStoreHugeWriteTests : IDisposable
{
    private static readonly PageStoreOptions Small = new() { Memory = 9 << 20 };
    private static readonly TreeId[] Trees = [new(1), new(2), new(40), new(777)];

    private readonly MemoryVolume _volume = new(new Random(1), 1);

    public void Dispose() => _volume.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Published_or_abandoned_they_take_little_memory_and_disturb_nobody(int seed)
    {
        var random = new Random(seed);
        StoreModel model = new(seed), kept = model;
        long commit = 0, keptCommit = 0;
        for (int life = 0; life < 2; life++)
        {
            using PageStore store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
            model = kept;
            commit = keptCommit;
            for (int round = 0; round < 5; round++)
            {
                using StoreSnapshot before = store.BeginRead();
                StoreModel old = model;
                PageCheckpoint? checkpoint = random.Next(2) == 0 ? store.BeginCheckpoint() : null;
                StoreModel next = model.Copy();
                using (StoreWriter writer = store.BeginWrite())
                {
                    for (int i = random.Next(4_000); i >= 0; i--)
                        next.Change(random, writer, Trees[random.Next(Trees.Length)]);
                    next.Verify(id => writer.OpenCursor(id), random, Trees);
                    old.Verify(id => before.OpenCursor(id), random, Trees);
                    if (checkpoint is not null)
                    {
                        checkpoint.Complete([]);
                        (kept, keptCommit) = (model, commit);
                    }

                    for (int i = random.Next(4_000); i >= 0; i--)
                        next.Change(random, writer, Trees[random.Next(Trees.Length)]);
                    if (random.Next(3) > 0)
                    {
                        writer.Publish(++commit);
                        model = next;
                    }
                }

                checkpoint?.Dispose();
                old.Verify(id => before.OpenCursor(id), random, Trees);
                using StoreSnapshot after = store.BeginRead();
                model.Verify(id => after.OpenCursor(id), random, Trees);
                Assert.InRange(store.Space.Cache.FrameCount, 0, 512);
            }
        }

        using PageStore last = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
        using StoreSnapshot end = last.BeginRead();
        kept.Verify(id => end.OpenCursor(id), random, Trees);
    }

    [Fact]
    public void One_that_is_abandoned_leaves_no_pages_behind()
    {
        using PageStore store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
        byte[] value = new byte[1000];
        Fill(store, value, 1_000, commit: 1);
        (List<long> unused, long next, _) = store.Space.Mark();
        Assert.Empty(unused);

        Fill(store, value, 40_000, commit: null);
        (unused, long later, _) = store.Space.Mark();
        Assert.Equal(later - next, unused.Count);
        byte[] image = new byte[PageFormat.ImageLength];
        Fill(store, value, 40_000, commit: 2);
        (unused, long end, _) = store.Space.Mark();
        Assert.InRange(end - later, 0, 100);
        Assert.InRange(store.Space.Cache.FrameCount, 0, 512);
    }

    [Fact]
    public void While_an_old_state_is_read_many_commits_to_all_pages_need_little_memory()
    {
        using PageStore store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
        byte[] value = new byte[1000];
        Fill(store, value, 3_000, commit: 1);
        using StoreSnapshot first = store.BeginRead();
        for (int commit = 2; commit < 40; commit++)
        {
            value[0] = (byte)commit;
            Fill(store, value, 3_000, commit);
        }

        Assert.InRange(store.Space.Cache.FrameCount, 0, 512);
        using StoreSnapshot last = store.BeginRead();
        using Cursor old = first.OpenCursor(Trees[0]), now = last.OpenCursor(Trees[0]);
        int count = 0;
        for (bool isOn = old.SeekFirst() && now.SeekFirst(); isOn; isOn = old.Next() && now.Next(), count++)
        {
            Assert.Equal(0, old.Value[0]);
            Assert.Equal(39, now.Value[0]);
        }

        Assert.Equal(3_000, count);
    }

    [Fact]
    public async Task Commits_beside_a_slow_checkpoint_need_little_memory()
    {
        using PageStore store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
        byte[] value = new byte[1000];
        Fill(store, value, 2_000, commit: 1);
        using PageCheckpoint checkpoint = store.BeginCheckpoint();
        Assert.True(store.TryReserve(0));
        store.Space.Cache.WriteCheckpoint(1); // and there it stands
        await Task.Run(() =>
        {
            for (int commit = 2; commit < 30; commit++)
                Fill(store, value, 3_000, commit);
        }).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.InRange(store.Space.Cache.FrameCount, 0, 512);
        store.Space.Cache.EndCheckpoint();
        checkpoint.Complete([]);
    }

    private static void Fill(PageStore store, byte[] value, int count, long? commit)
    {
        byte[] key = new byte[8];
        using StoreWriter writer = store.BeginWrite();
        for (int i = 0; i < count; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(key, i);
            writer.Put(Trees[0], key, value);
        }

        if (commit is { } number)
            writer.Publish(number);
    }
}
