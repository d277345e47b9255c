using System.Buffers.Binary;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Engine.Tests.Storage.Pages;

public sealed class PageStoreFullDiskTests : IDisposable
{
    private const int ValueLength = 1000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly PageStoreOptions Small = new() { Memory = 9 << 20 };
    private static readonly TreeId Tree = new(5);

    private readonly MemoryVolume _volume = new(new Random(1), 1);
    private PageStore _store;
    private long _commit;
    private int _next;

    public PageStoreFullDiskTests() => _store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));

    public void Dispose()
    {
        _store.Dispose();
        _volume.Dispose();
    }

    [Fact]
    public async Task Writes_are_refused_reads_go_on_and_all_is_well_once_there_is_room()
    {
        // More than memory holds, so that reads need the page file, and writes what eviction writes there.
        while (_next < 40_000)
            Assert.True(TryAppend(500));
        _volume.LimitGrowth(8 << 20);
        int taken = _next;
        while (TryAppend(500))
            Assert.InRange(_next, 0, 80_000);
        Assert.True(_next > taken);

        await Task.Run(ReadAll).WaitAsync(Deadline);
        await Task.Run(ReadAll).WaitAsync(Deadline);
        while (TryAppend(500))
            Assert.InRange(_next, 0, 80_000);

        _volume.LimitGrowth(null);
        while (_next < 90_000)
            Assert.True(TryAppend(500));
        Checkpoint();
        _store.Dispose();
        _store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
        ReadAll();
    }

    [Fact]
    public void What_was_promised_is_kept()
    {
        // Every write that was let in has its room for a checkpoint too, also where nothing more can be had.
        while (_next < 10_000)
            Assert.True(TryAppend(500));
        _volume.LimitGrowth(4 << 20);
        while (TryAppend(500))
            Assert.InRange(_next, 0, 40_000);
        _volume.LimitGrowth(64 << 10); // the manifest

        Checkpoint();
        _store.Dispose();
        _store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));
        ReadAll();
    }

    [Fact]
    public async Task A_checkpoint_without_room_fails_at_once_and_leaves_the_one_before()
    {
        Assert.True(TryAppend(1000));
        Checkpoint();
        int kept = _next;
        _volume.LimitGrowth(0);
        Append(500);

        await Task.Run(() => Assert.Throws<DiskFullException>(Checkpoint)).WaitAsync(Deadline);
        ReadAll();
        _store.Dispose();
        _store = PageStore.Open(_volume, Small, PageStore.ReadManifest(_volume));

        _next = kept;
        ReadAll();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Writes_that_outgrow_memory_on_a_full_disk_wait_for_room_or_the_end(bool isEnd)
    {
        Assert.True(TryAppend(1000));
        _volume.LimitGrowth(0);
        Task writing = Task.Run(() =>
        {
            while (_next < 120_000)
                Append(500);
        });
        using (var ended = new CancellationTokenSource(Deadline))
        {
            while (_store.Space.Cache.FrameCount < 64 + 2000)
            {
                ended.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        if (!isEnd)
        {
            _volume.LimitGrowth(null);
            await writing.WaitAsync(Deadline);
            ReadAll();
            return;
        }

        _store.EndWaiting();
        await Assert.ThrowsAsync<DiskFullException>(() => writing.WaitAsync(Deadline));
        ReadAll();
    }

    private bool TryAppend(int count)
    {
        if (!_store.TryReserve(count * (long)ValueLength))
            return false;
        Append(count);
        return true;
    }

    /// <summary>One write of new records, each with its number.</summary>
    private void Append(int count)
    {
        byte[] value = new byte[ValueLength];
        using StoreWriter writer = _store.BeginWrite();
        int next = _next;
        for (int i = 0; i < count; i++, next++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value, next);
            writer.Put(Tree, Key(next), value);
        }

        writer.Publish(++_commit);
        _next = next;
    }

    private void ReadAll()
    {
        using StoreSnapshot snapshot = _store.BeginRead();
        var record = new RecordBuffer();
        for (int i = 0; i < _next; i++)
        {
            Assert.True(snapshot.TryGet(Tree, Key(i), record));
            Assert.Equal(i, BinaryPrimitives.ReadInt32LittleEndian(record.Span));
        }

        Assert.False(snapshot.TryGet(Tree, Key(_next), record));
    }

    private void Checkpoint()
    {
        using PageCheckpoint checkpoint = _store.BeginCheckpoint();
        checkpoint.Complete([]);
    }

    private static byte[] Key(int number)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }
}
