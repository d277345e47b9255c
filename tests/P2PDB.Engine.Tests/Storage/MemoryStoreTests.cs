using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Tests.Storage.Pages;

namespace P2PDB.Engine.Tests.Storage;

public class MemoryStoreTests
{
    private static readonly TreeId TreeA = new(2);
    private static readonly TreeId TreeB = new(777);

    private readonly RecordBuffer _record = new();

    [Fact]
    public void A_snapshot_sees_all_trees_as_of_one_commit()
    {
        using MemoryStore store = new();
        Write(store, 1, writer =>
        {
            writer.Put(TreeA, [1], [10]);
            writer.Put(TreeB, [1], [20]);
        });
        using StoreSnapshot before = store.BeginRead();
        Write(store, 2, writer =>
        {
            writer.Put(TreeA, [1], [11]);
            writer.DropTree(TreeB);
        });

        Assert.Equal(1, before.CommitNumber);
        Assert.True(before.TryGet(TreeA, [1], _record));
        Assert.Equal(10, _record.Span[0]);
        Assert.True(before.TryGet(TreeB, [1], _record));
        using StoreSnapshot after = store.BeginRead();
        Assert.True(after.TryGet(TreeA, [1], _record));
        Assert.Equal(11, _record.Span[0]);
        Assert.False(after.TryGet(TreeB, [1], _record));
        Assert.Equal(0, _record.Length);
    }

    [Fact]
    public void An_abandoned_write_leaves_no_trace()
    {
        using MemoryStore store = new();
        Write(store, 1, writer => writer.Put(TreeA, [1], [10]));
        using (StoreWriter writer = store.BeginWrite())
        {
            writer.Put(TreeA, [1], [99]);
            writer.Put(TreeB, [1], [99]);
            Assert.True(writer.TryGet(TreeA, [1], _record));
            Assert.Equal(99, _record.Span[0]);
        }

        Write(store, 2, writer => writer.Put(TreeA, [2], [12]));
        using StoreSnapshot snapshot = store.BeginRead();
        Assert.True(snapshot.TryGet(TreeA, [1], _record));
        Assert.Equal(10, _record.Span[0]);
        Assert.False(snapshot.TryGet(TreeB, [1], _record));
        Assert.Equal(2, snapshot.EstimateCount(TreeA));
    }

    [Fact]
    public void A_companion_is_published_with_its_state_and_stays_until_replaced()
    {
        using MemoryStore store = new();
        object companion = new();
        using (StoreWriter writer = store.BeginWrite())
            writer.Publish(1, companion);
        Write(store, 2, writer => writer.Put(TreeA, [1], []));

        Assert.Same(companion, store.BeginRead().Companion);
    }

    [Fact]
    public void A_cursor_over_pending_state_does_not_mind_writes_to_other_trees()
    {
        using MemoryStore store = new();
        using StoreWriter writer = store.BeginWrite();
        for (int i = 0; i < 100; i++)
            writer.Put(TreeA, [(byte)i], [(byte)i]);
        using Cursor cursor = writer.OpenCursor(TreeA);

        int count = 0;
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next(), count++)
            writer.Put(TreeB, cursor.Key, cursor.Value);

        Assert.Equal(100, count);
        writer.Publish(1);
        Assert.Equal(100, store.BeginRead().EstimateCount(TreeB));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_writes_read_as_a_sorted_map_says_at_every_held_state(int seed)
    {
        TreeId[] trees = [new(1), TreeA, TreeB];
        var random = new Random(seed);
        StoreModel model = new(seed);
        var held = new List<(StoreSnapshot Snapshot, StoreModel Model)>();
        using MemoryStore store = new();
        for (int commit = 1; commit <= 400; commit++)
        {
            StoreModel next = model.Copy();
            using (StoreWriter writer = store.BeginWrite())
            {
                for (int i = random.Next(60); i >= 0; i--)
                    next.Change(random, writer, trees[random.Next(trees.Length)]);
                if (random.Next(8) == 0)
                    continue; // abandoned
                if (random.Next(10) == 0)
                    next.Verify(id => writer.OpenCursor(id), random, trees);
                writer.Publish(commit * 2);
            }

            model = next;
            if (random.Next(4) == 0)
                held.Add((store.BeginRead(), model));
            if (held.Count > 5)
            {
                (StoreSnapshot snapshot, StoreModel old) = held[random.Next(held.Count)];
                held.Remove((snapshot, old));
                old.Verify(id => snapshot.OpenCursor(id), random, trees);
                snapshot.Dispose();
            }
        }

        held.Add((store.BeginRead(), model));
        foreach ((StoreSnapshot snapshot, StoreModel old) in held)
        {
            old.Verify(id => snapshot.OpenCursor(id), random, trees);
            foreach (TreeId id in trees)
                Assert.Equal(old.CountOf(id), snapshot.EstimateCount(id));
            snapshot.Dispose();
        }
    }

    [Fact]
    public void A_warm_write_allocates_nothing()
    {
        using MemoryStore store = new();
        byte[] key = new byte[2], value = new byte[100];
        Write(store, 1, writer =>
        {
            for (int i = 0; i < 10_000; i++)
                writer.Put(TreeA, [(byte)(i >> 8), (byte)i], value);
        });
        long least = long.MaxValue;
        for (int commit = 2; commit < 20_000; commit++)
        {
            (key[0], key[1]) = ((byte)(commit * 7 % 10_000 >> 8), (byte)(commit * 7 % 10_000));
            long before = GC.GetAllocatedBytesForCurrentThread();
            using (StoreWriter writer = store.BeginWrite())
            {
                writer.Put(TreeA, key, value);
                writer.Publish(commit);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_warm_point_read_allocates_nothing()
    {
        using MemoryStore store = new();
        Write(store, 1, writer =>
        {
            for (int i = 0; i < 1_000; i++)
                writer.Put(TreeA, [(byte)(i >> 8), (byte)i], new byte[100]);
        });
        ReadOnlySpan<byte> key = [1, 1];
        Assert.True(store.BeginRead().TryGet(TreeA, key, _record));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            using StoreSnapshot snapshot = store.BeginRead();
            snapshot.TryGet(TreeA, key, _record);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Write(MemoryStore store, long commitNumber, Action<StoreWriter> change)
    {
        using StoreWriter writer = store.BeginWrite();
        change(writer);
        writer.Publish(commitNumber);
    }
}
