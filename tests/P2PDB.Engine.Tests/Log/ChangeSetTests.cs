using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Log;

/// <summary>The operations of a transaction, in memory and beyond it, read back as they were written.</summary>
public sealed class ChangeSetTests : IDisposable
{
    private static readonly TableId Table = new(UInt128.One);

    private readonly MemoryVolume _volume = new(new Random(1));
    private readonly ScratchSpace _scratch;

    public ChangeSetTests() => _scratch = new ScratchSpace(_volume);

    public void Dispose() => _volume.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 100)]
    [InlineData(3, 4000)]
    [InlineData(4, 1 << 20)]
    public void What_was_written_and_not_taken_back_is_read_in_order(int seed, int memoryLength)
    {
        var random = new Random(seed);
        using var changes = new ChangeSet(_scratch, memoryLength);
        changes.Clear(default);
        List<(OpKind Kind, int Table, byte[] Payload)> expected = [];
        List<(ChangeSetMark Mark, int Count)> marks = [];
        for (int step = 0; step < 1500; step++)
        {
            switch (random.Next(20))
            {
                case 0:
                    marks.Add((changes.Mark(), expected.Count));
                    break;
                case 1 when marks.Count > 0:
                    int chosen = random.Next(marks.Count);
                    changes.Rewind(marks[chosen].Mark);
                    expected.RemoveRange(marks[chosen].Count, expected.Count - marks[chosen].Count);
                    marks.RemoveRange(chosen + 1, marks.Count - chosen - 1);
                    break;
                case 2:
                    byte[] definition = Bytes(random, random.Next(50));
                    changes.Write(OpKind.CreateView, definition);
                    expected.Add((OpKind.CreateView, EntryFormat.NoTable, definition));
                    break;
                default:
                    // Now and then longer than what is read at once.
                    byte[] key = Bytes(random, random.Next(1, 100));
                    byte[] image = Bytes(random, random.Next(random.Next(100) == 0 ? 600_000 : 300));
                    int table = changes.AddTable(Table, []);
                    changes.Insert(table, key, image);
                    expected.Add((OpKind.Insert, table, [(byte)key.Length, .. key, .. image]));
                    break;
            }

            if (step % 100 == 0)
                Check(changes, expected);
        }

        Check(changes, expected);
        Assert.Equal(1, _scratch.FileCount);
        changes.Clear(default);
        Assert.Equal((0L, 0), (changes.Length, changes.OpCount));
        Assert.Equal(0, _scratch.FileCount);
    }

    [Fact]
    public void Few_operations_never_touch_the_disk()
    {
        using var changes = new ChangeSet(_scratch);
        changes.Clear(default);
        int table = changes.AddTable(Table, []);
        for (int i = 0; i < 1000; i++)
            changes.Insert(table, [1, 2], new byte[2000]);

        Assert.Equal(0, _scratch.OpenedCount);
        Assert.InRange(changes.Length, 2_000_000, ChangeSet.MemoryLengthMax);
    }

    [Fact]
    public void A_full_disk_is_told_and_a_rewind_goes_back_to_what_was_before()
    {
        using var changes = new ChangeSet(_scratch, 1000);
        changes.Clear(default);
        int table = changes.AddTable(Table, []);
        for (int i = 0; i < 25; i++)
            changes.Insert(table, [(byte)i], new byte[100]);
        ChangeSetMark mark = changes.Mark();

        _volume.LimitGrowth(0);
        Assert.Throws<DiskFullException>(() => changes.Insert(table, [99], new byte[5000]));
        changes.Rewind(mark);
        _volume.LimitGrowth(null);
        for (int i = 25; i < 60; i++)
            changes.Insert(table, [(byte)i], new byte[100]);

        ChangeReader ops = changes.Read();
        for (int i = 0; i < 60; i++)
        {
            Assert.True(ops.MoveNext());
            Assert.Equal(i, ops.Payload[1]);
        }

        Assert.False(ops.MoveNext());
    }

    [Fact]
    public void Disposing_of_it_removes_what_it_has_on_the_disk()
    {
        var changes = new ChangeSet(_scratch, 10);
        changes.Clear(default);
        changes.Write(OpKind.CreateView, new byte[100]);
        Assert.Equal(1, _scratch.FileCount);

        changes.Dispose();
        Assert.Equal(0, _scratch.FileCount);
    }

    private static void Check(ChangeSet changes, List<(OpKind Kind, int Table, byte[] Payload)> expected)
    {
        Assert.Equal(expected.Count, changes.OpCount);
        using var encoded = new ByteWriter();
        ChangeReader ops = changes.Read();
        foreach ((OpKind kind, int table, byte[] payload) in expected)
        {
            Assert.True(ops.MoveNext());
            Assert.Equal((kind, table), (ops.Kind, ops.Table));
            Assert.True(ops.Payload.SequenceEqual(payload));
            encoded.WriteUInt16((ushort)kind);
            encoded.WriteUInt16((ushort)table);
            encoded.WriteUInt32((uint)payload.Length);
            encoded.Write(payload);
        }

        Assert.False(ops.MoveNext());
        using var copied = new ByteWriter();
        changes.CopyTo(copied);
        Assert.True(copied.Written.SequenceEqual(encoded.Written));
        Assert.Equal(encoded.Length, changes.Length);
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
