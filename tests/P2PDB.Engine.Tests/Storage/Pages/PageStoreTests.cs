using System.Buffers.Binary;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Engine.Tests.Storage.Pages;

public sealed class PageStoreTests : IDisposable
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
    public void Random_writes_read_as_a_sorted_map_says_at_every_held_state(int seed)
    {
        var random = new Random(seed);
        StoreModel model = new(seed);
        var held = new List<(StoreSnapshot Snapshot, StoreModel Model)>();
        using PageStore store = PageStore.Open(_volume, Small, manifest: null);
        for (int commit = 1; commit <= 300; commit++)
        {
            StoreModel next = model.Copy();
            using (StoreWriter writer = store.BeginWrite())
            {
                for (int i = random.Next(60); i >= 0; i--)
                    next.Change(random, writer, Trees[random.Next(Trees.Length)]);
                if (random.Next(8) == 0)
                    continue; // abandoned
                if (random.Next(10) == 0)
                    next.Verify(id => writer.OpenCursor(id), random, Trees);
                writer.Publish(commit * 2);
            }

            model = next;
            if (random.Next(4) == 0)
                held.Add((store.BeginRead(), model));
            if (held.Count > 5)
            {
                (StoreSnapshot snapshot, StoreModel old) = held[random.Next(held.Count)];
                held.Remove((snapshot, old));
                old.Verify(id => snapshot.OpenCursor(id), random, Trees);
                snapshot.Dispose();
            }

            if (random.Next(40) == 0)
            {
                using PageCheckpoint checkpoint = store.BeginCheckpoint();
                checkpoint.Complete([]);
            }
        }

        foreach ((StoreSnapshot snapshot, StoreModel old) in held)
        {
            old.Verify(id => snapshot.OpenCursor(id), random, Trees);
            snapshot.Dispose();
        }

        using StoreSnapshot last = store.BeginRead();
        model.Verify(id => last.OpenCursor(id), random, Trees);
        foreach (TreeId id in Trees)
            Assert.Equal(model.CountOf(id), last.EstimateCount(id));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Reopened_it_is_what_the_last_checkpoint_was(int seed)
    {
        var random = new Random(seed);
        StoreModel kept = new(seed), model = new(seed);
        long commit = 0;
        for (int life = 0; life < 4; life++)
        {
            StoreManifest? manifest = PageStore.ReadManifest(_volume);
            using PageStore store = PageStore.Open(_volume, Small, manifest);
            using (StoreSnapshot first = store.BeginRead())
            {
                Assert.Equal(commit, first.CommitNumber);
                Assert.Equal(BitConverter.GetBytes(commit), manifest?.Owner ?? new byte[8]);
                kept.Verify(id => first.OpenCursor(id), random, Trees);
            }

            model = kept;
            long next = commit;
            for (int i = 0; i < 60; i++)
            {
                StoreModel changed = model.Copy();
                using (StoreWriter writer = store.BeginWrite())
                {
                    for (int k = random.Next(60); k >= 0; k--)
                        changed.Change(random, writer, Trees[random.Next(Trees.Length)]);
                    writer.Publish(++next);
                }

                model = changed;
                if (random.Next(10) == 0)
                {
                    using PageCheckpoint checkpoint = store.BeginCheckpoint();
                    (kept, commit) = (model, next);

                    // Writes that go on behind the checkpoint are not in it.
                    changed = model.Copy();
                    using (StoreWriter writer = store.BeginWrite())
                    {
                        for (int k = 0; k < 30; k++)
                            changed.Change(random, writer, Trees[random.Next(Trees.Length)]);
                        writer.Publish(++next);
                    }

                    model = changed;
                    checkpoint.Complete(BitConverter.GetBytes(commit));
                }
            }
        }
    }

    [Fact]
    public async Task Readers_see_whole_states_while_one_writes_and_checkpoints()
    {
        const int Keys = 3000;
        using PageStore store = PageStore.Open(_volume, Small, manifest: null);
        using var ended = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var writing = Task.Run(() =>
        {
            byte[] value = new byte[600];
            for (int commit = 1; commit <= 300; commit++)
            {
                // Every state has the same number in all its records, and a number of records that follows from it.
                using StoreWriter writer = store.BeginWrite();
                BinaryPrimitives.WriteInt32LittleEndian(value, commit);
                for (int key = 0; key < Keys; key += 1 + (commit % 3))
                    writer.Put(Trees[1], Key(key), value);
                writer.DropTree(Trees[2]);
                for (int key = 0; key < commit; key++)
                    writer.Put(Trees[2], Key(key), value);
                writer.Publish(commit);
                if (commit % 20 == 0)
                {
                    using PageCheckpoint checkpoint = store.BeginCheckpoint();
                    checkpoint.Complete([]);
                }
            }
        });
        Task[] reading = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            int states = 0;
            while (!writing.IsCompleted || states < 10)
            {
                ended.Token.ThrowIfCancellationRequested();
                using StoreSnapshot snapshot = store.BeginRead();
                using Cursor cursor = snapshot.OpenCursor(Trees[2]);
                int count = 0;
                for (bool isOn = cursor.SeekFirst(); isOn; isOn = cursor.Next(), count++)
                    Assert.Equal(snapshot.CommitNumber, BinaryPrimitives.ReadInt32LittleEndian(cursor.Value));
                Assert.Equal(snapshot.CommitNumber, count);
                var record = new RecordBuffer();
                if (snapshot.CommitNumber > 0)
                {
                    Assert.True(snapshot.TryGet(Trees[1], Key(0), record));
                    Assert.Equal(snapshot.CommitNumber, BinaryPrimitives.ReadInt32LittleEndian(record.Span));
                }

                states++;
            }
        }))];
        await Task.WhenAll([writing, .. reading]);
        Assert.True(store.Space.Cache.RetainedCount < 1000);
    }

    private static byte[] Key(int number)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(4), number);
        return key;
    }
}
