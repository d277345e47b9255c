using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Log;

public class JournalTests
{
    private static readonly JournalOptions Small = new() { SegmentLength = 32 * 1024, SpareCountMax = 1 };

    [Fact]
    public void Golden_segment_stays_as_it_is()
    {
        using var volume = new MemoryVolume(new Random(1));
        using (Journal journal = Open(volume, out _))
        {
            journal.Append("first"u8, FlushMode.EachCommit);
            journal.Append("the second record"u8, FlushMode.EachCommit);
        }

        byte[] bytes = volume.TryReadAll(JournalSegment.PathOf(1))!;
        GoldenBytes.Check("journal-v1-header.hex", bytes.AsSpan(0, 64));
        GoldenBytes.Check("journal-v1-frames.hex", bytes.AsSpan(4096, 128));
    }

    [Fact]
    public void Records_of_any_length_come_back_in_order()
    {
        using var volume = new MemoryVolume(new Random(2));
        var dice = new Random(3);
        List<byte[]> written = [];
        for (int round = 0; round < 5; round++)
        {
            using Journal journal = Open(volume, out List<byte[]> read);
            Assert.Equal(written, read);
            for (int i = 0; i < 20; i++)
            {
                byte[] record = new byte[dice.Next(6) == 0 ? dice.Next(100_000) : dice.Next(1, 3000)];
                dice.NextBytes(record);
                journal.Append(record, (FlushMode)dice.Next(3));
                written.Add(record);
            }

            journal.Sync();
            volume.LosePower();
            volume.Restart();
        }
    }

    [Fact]
    public void Released_segments_are_used_again()
    {
        using var volume = new MemoryVolume(new Random(4));
        using Journal journal = Open(volume, out _);
        for (int i = 0; i < 100; i++)
        {
            journal.Append(new byte[5000], FlushMode.EachCommit);
            journal.Release(journal.Position);
        }

        Assert.InRange(volume.List(Journal.Directory).Count, 1, 3);
        journal.Dispose();
        using Journal again = Open(volume, out List<byte[]> read);
        Assert.NotEmpty(read);
        Assert.Equal(journal.Position, again.Position);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_warm_append_to_a_disk_allocates_nothing(bool isDurable)
    {
        FlushMode mode = isDurable ? FlushMode.EachCommit : FlushMode.WriteEachCommit;
        string folder = Directory.CreateTempSubdirectory("p2pdb-journal-").FullName;
        using (var volume = new FileVolume(folder))
        using (Journal journal = Journal.Open(volume, new JournalOptions(), (ReadOnlySpan<byte> _, long _, in JournalSegment _) => { }))
        {
            byte[] record = new byte[600];
            long allocated = long.MaxValue;

            // Warm is what the compiler has optimised, and that takes its time on a busy machine.
            for (int round = 0; round < 500 && allocated > 0; round++)
            {
                journal.Append(record, mode);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 20; i++)
                    journal.Append(record, mode);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.Equal(0, allocated);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Every_flipped_byte_of_a_durable_frame_is_damage_or_the_tail()
    {
        byte[] last = new byte[40];
        using var volume = new MemoryVolume(new Random(5));
        long lastOffset;
        using (Journal journal = Open(volume, out _))
        {
            journal.Append(new byte[100], FlushMode.EachCommit);
            journal.Append(new byte[200], FlushMode.EachCommit);
            lastOffset = 4096 + journal.Position;
            journal.Append(last, FlushMode.EachCommit);
        }

        for (long offset = 0; offset < lastOffset; offset++)
        {
            volume.Corrupt(JournalSegment.PathOf(1), offset, 0x20);
            CorruptionException damage = Assert.Throws<CorruptionException>(() => Read(volume));
            Assert.Equal(JournalSegment.PathOf(1), damage.Path);
            Assert.InRange(damage.Offset, 0, offset);
            volume.Corrupt(JournalSegment.PathOf(1), offset, 0x20);
        }

        for (long offset = lastOffset; offset < lastOffset + 80; offset++)
        {
            volume.Corrupt(JournalSegment.PathOf(1), offset, 0x20);
            Assert.Equal(2, Read(volume).Count);
            volume.Corrupt(JournalSegment.PathOf(1), offset, 0x20);
        }
    }

    [Fact]
    public void Padding_that_is_not_zero_is_no_whole_frame()
    {
        using var volume = new MemoryVolume(new Random(8));
        using (Journal journal = Open(volume, out _))
        {
            journal.Append(new byte[101], FlushMode.EachCommit);
            journal.Append(new byte[101], FlushMode.EachCommit);
        }

        const int FirstEnd = 4096 + 144, SecondEnd = FirstEnd + 144;
        for (int bit = 0; bit < 8 * 3; bit++)
        {
            byte flipped = (byte)(1 << (bit % 8));
            volume.Corrupt(JournalSegment.PathOf(1), FirstEnd - 1 - (bit / 8), flipped);
            CorruptionException damage = Assert.Throws<CorruptionException>(() => Read(volume));
            Assert.Equal(4096, damage.Offset);
            volume.Corrupt(JournalSegment.PathOf(1), FirstEnd - 1 - (bit / 8), flipped);

            // Nothing after the last frame proves that it was durable: it is the torn tail.
            volume.Corrupt(JournalSegment.PathOf(1), SecondEnd - 1 - (bit / 8), flipped);
            Assert.Single(Read(volume));
            volume.Corrupt(JournalSegment.PathOf(1), SecondEnd - 1 - (bit / 8), flipped);
        }
    }

    [Fact]
    public void Damage_before_a_later_segment_is_named()
    {
        using var volume = new MemoryVolume(new Random(6));
        using (Journal journal = Open(volume, out _))
        {
            for (int i = 0; i < 20; i++)
                journal.Append(new byte[5000], FlushMode.WriteEachCommit);
            journal.Sync();
        }

        Assert.True(volume.List(Journal.Directory).Count > 2);
        volume.Corrupt(JournalSegment.PathOf(1), 32 * 1024 - 3000, 1);
        CorruptionException damage = Assert.Throws<CorruptionException>(() => Read(volume));
        Assert.Equal(JournalSegment.PathOf(1), damage.Path);

        volume.Corrupt(JournalSegment.PathOf(1), 32 * 1024 - 3000, 1);
        volume.Delete(JournalSegment.PathOf(2));
        damage = Assert.Throws<CorruptionException>(() => Read(volume));
        Assert.Equal(JournalSegment.PathOf(2), damage.Path);
    }

    [Fact]
    public void A_failed_sync_breaks_the_journal()
    {
        using var volume = new MemoryVolume(new Random(7));
        using Journal journal = Open(volume, out _);
        journal.Append(new byte[10], FlushMode.EachCommit);
        journal.Append(new byte[10], FlushMode.WriteEachCommit);
        volume.FailAfter(0, asFull: false);

        Assert.Throws<IOException>(journal.Sync);
        Assert.True(journal.IsBroken);
        Assert.Throws<ObjectDisposedException>(() => journal.Append(new byte[10], FlushMode.EachCommit));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - 8191)]
    public void Segment_whose_positions_do_not_fit_is_none(long basePosition)
    {
        byte[] header = new byte[JournalFormat.SegmentHeaderLength];
        JournalFormat.WriteSegmentHeader(new JournalSegment(1, basePosition, Length: 8192, 0), header);

        Assert.False(JournalFormat.TryReadSegmentHeader(header, out _));
    }

    private static Journal Open(MemoryVolume volume, out List<byte[]> read)
    {
        List<byte[]> records = [];
        read = records;
        return Journal.Open(volume, Small,
            (ReadOnlySpan<byte> record, long _, in JournalSegment _) => records.Add(record.ToArray()));
    }

    private static List<byte[]> Read(MemoryVolume volume)
    {
        List<byte[]> records = [];
        JournalReader.Read(volume, (ReadOnlySpan<byte> record, long _, in JournalSegment _) => records.Add(record.ToArray()));
        return records;
    }
}
