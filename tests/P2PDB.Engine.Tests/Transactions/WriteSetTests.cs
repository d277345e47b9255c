using System.Text;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Tests.Transactions;

/// <summary>A write set says what a sorted dictionary says, whatever of it is in memory and whatever on the disk.</summary>
public sealed class WriteSetTests : IDisposable
{
    private const int Header = OverlayRecord.HeaderLength;

    private static readonly TreeId[] Trees = [new(1), new(2), new(3)];
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create(
        static (left, right) => left.AsSpan().SequenceCompareTo(right));

    private readonly MemoryVolume _volume = new(new Random(1));
    private readonly ScratchSpace _scratch;

    public WriteSetTests() => _scratch = new ScratchSpace(_volume);

    public void Dispose() => _volume.Dispose();

    public static TheoryData<int, int> Runs()
    {
        TheoryData<int, int> runs = [];
        for (int seed = 0; seed < 24; seed++)
            runs.Add(seed, seed % 4 == 0 ? 1000 : seed % 4 == 1 ? 20_000 : seed % 4 == 2 ? 200_000 : 100_000_000);
        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void It_reads_as_a_sorted_dictionary_does(int seed, int memoryLength)
    {
        var random = new Random(seed);
        var writes = new WriteSet(_scratch, memoryLength);
        var model = new Model();
        List<(WriteSetMark Mark, Model Model, bool IsSavepoint)> marks = [];
        Cursor?[] cursors = new Cursor?[Trees.Length];
        for (int step = 0; step < 3000; step++)
        {
            int tree = random.Next(3) == 0 ? random.Next(Trees.Length) : 0;
            byte[] key = RandomKey(random, seed);
            switch (random.Next(100))
            {
                case < 2:
                    marks.Add((writes.Mark(), model.Copy(), random.Next(4) == 0));
                    break;
                case < 4 when marks.Count > 0:
                    int chosen = random.Next(marks.Count);
                    writes.Rewind(marks[chosen].Mark);
                    model = marks[chosen].Model.Copy();
                    marks.RemoveRange(chosen + 1, marks.Count - chosen - 1);
                    break;
                case < 6:
                    // The statement ends: savepoints stay.
                    marks.RemoveAll(mark => !mark.IsSavepoint);
                    writes.EndMarks([.. marks.Select(mark => mark.Mark.Number)]);
                    break;
                case < 10:
                    Walk(writes, model, tree, random, seed, ref cursors[tree]);
                    break;
                case < 30:
                    writes.Delete(Trees[tree], key);
                    model.Trees[tree][key] = [];
                    break;
                case < 40:
                    Look(writes, model, tree, key);
                    break;
                default:
                    byte[] value = RandomValue(random);
                    writes.PutRow(Trees[tree], key, value);
                    model.Trees[tree][key] = value;
                    break;
            }
        }

        for (int tree = 0; tree < Trees.Length; tree++)
        {
            Walk(writes, model, tree, random, seed, ref cursors[tree]);
            foreach (byte[] key in model.Trees[tree].Keys)
                Look(writes, model, tree, key);
        }

        Assert.Equal(memoryLength < 10_000_000, _scratch.OpenedCount > 0);
        foreach (Cursor? cursor in cursors)
            cursor?.Park();
        writes.Clear();
        Assert.True(writes.IsEmpty);
        Assert.Equal(0, _scratch.FileCount);
    }

    [Fact]
    public void A_cursor_goes_on_with_what_was_there_when_it_was_opened()
    {
        var writes = new WriteSet(_scratch, 5_000);
        for (int i = 0; i < 1000; i++)
            writes.PutRow(Trees[0], Key(i), Record(1, 10));
        using Cursor cursor = writes.Find(Trees[0])!.OpenCursor();
        Assert.True(cursor.SeekFirst());
        for (int i = 0; i < 3000; i++)
            writes.PutRow(Trees[0], Key(i), Record(2, 10));
        writes.Clear();

        Assert.NotEqual(0, _scratch.FileCount);
        for (int i = 0; i < 1000; i++, cursor.Next())
        {
            Assert.True(cursor.Key.SequenceEqual(Key(i)));
            Assert.Equal(1, cursor.Value[Header]);
        }

        Assert.False(cursor.IsValid);
        cursor.Park();
        Assert.Equal(0, _scratch.FileCount);
    }

    [Fact]
    public void Runs_that_only_ended_marks_knew_go()
    {
        var writes = new WriteSet(_scratch, 5_000);
        int fewest = int.MaxValue, most = 0;
        for (int statement = 0; statement < 2000; statement++)
        {
            writes.Mark();
            for (int i = 0; i < 10; i++)
                writes.PutRow(Trees[0], Key((statement * 10) + i), Record(1, 40));
            writes.EndMarks([]);
            if (statement > 1000)
                fewest = Math.Min(fewest, _scratch.FileCount);
            most = Math.Max(most, _scratch.FileCount);
        }

        // Seven of a level at most, and eight while they are merged.
        Assert.InRange(most, 8, 40);
        Assert.InRange(fewest, 1, 20);
        Assert.True(_scratch.OpenedCount > 400);
        writes.Clear();
        Assert.Equal(0, _scratch.FileCount);
    }

    [Fact]
    public void Where_the_disk_is_full_nothing_is_lost_and_a_rewind_goes_back()
    {
        var writes = new WriteSet(_scratch, 5_000);
        for (int i = 0; i < 300; i++)
            writes.PutRow(Trees[0], Key(i), Record(1, 100));
        WriteSetMark mark = writes.Mark();

        _volume.LimitGrowth(0);
        int failing = 300;
        Assert.Throws<DiskFullException>(() =>
        {
            for (; failing < 600; failing++)
                writes.PutRow(Trees[0], Key(failing), Record(1, 100));
        });
        Assert.True(writes.Find(Trees[0])!.TryGet(Key(failing), out _));
        writes.Rewind(mark);
        Assert.False(writes.Find(Trees[0])!.TryGet(Key(failing), out _));

        _volume.LimitGrowth(null);
        for (int i = 300; i < 600; i++)
            writes.PutRow(Trees[0], Key(i), Record(1, 100));
        for (int i = 0; i < 600; i++)
            Assert.True(writes.Find(Trees[0])!.TryGet(Key(i), out _));
        writes.Clear();
        Assert.Equal(0, _scratch.FileCount);
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"key {number:000000}");

    private static byte[] Record(byte mark, int length)
    {
        byte[] record = new byte[Header + length];
        OverlayRecord.WriteHeader(record, 1);
        record[Header] = mark;
        return record;
    }

    private static byte[] RandomKey(Random random, int seed)
    {
        // Few distinct keys, so that records are written over; now and then a long one.
        byte[] key = new byte[random.Next(200) == 0 ? random.Next(5000) : random.Next(seed % 2 == 0 ? 4 : 12)];
        for (int i = 0; i < key.Length; i++)
            key[i] = (byte)(random.Next(3) == 0 ? 0 : random.Next(seed % 3 == 0 ? 256 : 6));
        return key;
    }

    private static byte[] RandomValue(Random random)
    {
        int length = random.Next(300) switch
        {
            0 => random.Next(600_000),
            < 5 => random.Next(20_000),
            _ => random.Next(100),
        };
        byte[] record = new byte[Header + length];
        random.NextBytes(record);
        OverlayRecord.WriteHeader(record, random.Next());
        return record;
    }

    private static void Look(WriteSet writes, Model model, int tree, byte[] key)
    {
        bool isKnown = model.Trees[tree].TryGetValue(key, out byte[]? expected);
        ReadOnlySpan<byte> found = default;
        Assert.Equal(isKnown, writes.Find(Trees[tree]) is { } overlay && overlay.TryGet(key, out found));
        if (isKnown)
            AssertRecord(expected!, found);
    }

    /// <summary>Seeks somewhere and walks to and fro.</summary>
    private static void Walk(WriteSet writes, Model model, int tree, Random random, int seed, ref Cursor? cursor)
    {
        if (writes.Find(Trees[tree]) is not { } overlay)
        {
            Assert.Empty(model.Trees[tree]);
            return;
        }

        cursor = overlay.OpenCursor(cursor);
        List<KeyValuePair<byte[], byte[]>> expected = [.. model.Trees[tree]];
        byte[] key = RandomKey(random, seed);
        int at;
        bool isFound;
        switch (random.Next(4))
        {
            case 0:
                at = 0;
                isFound = cursor.SeekFirst();
                break;
            case 1:
                at = expected.Count - 1;
                isFound = cursor.SeekLast();
                break;
            case 2:
                at = expected.FindIndex(pair => ByBytes.Compare(pair.Key, key) >= 0);
                at = at < 0 ? expected.Count : at;
                isFound = cursor.SeekGe(key);
                break;
            default:
                at = expected.FindLastIndex(pair => ByBytes.Compare(pair.Key, key) <= 0);
                isFound = cursor.SeekLe(key);
                break;
        }

        bool goesForward = random.Next(2) == 0;
        while (true)
        {
            Assert.Equal((uint)at < (uint)expected.Count, isFound);
            Assert.Equal(isFound, cursor.IsValid);
            if (!isFound)
                return;
            Assert.True(cursor.Key.SequenceEqual(expected[at].Key));
            AssertRecord(expected[at].Value, cursor.Value);
            if (random.Next(20) == 0)
                goesForward = !goesForward;
            at += goesForward ? 1 : -1;
            isFound = goesForward ? cursor.Next() : cursor.Previous();
        }
    }

    private static void AssertRecord(byte[] expected, ReadOnlySpan<byte> found)
    {
        Assert.Equal(expected.Length == 0, OverlayRecord.IsDeleted(found));
        Assert.True(expected.Length == 0 || found.SequenceEqual(expected));
    }

    private sealed class Model
    {
        public SortedDictionary<byte[], byte[]>[] Trees { get; private init; } = [new(ByBytes), new(ByBytes), new(ByBytes)];

        public Model Copy() => new()
        {
            Trees = [.. Trees.Select(tree => new SortedDictionary<byte[], byte[]>(tree, ByBytes))],
        };
    }
}
