using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Tests.Storage.Faster;

public class FasterPageFileTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    [Theory, MemberData(nameof(Seeds))]
    public void Pages_come_back_from_a_log_larger_than_memory(int seed)
    {
        using var volume = new MemoryVolume(new Random(seed));
        using var pages = new ModelledPages(volume, new Random(seed));
        pages.Open();
        for (int round = 0; round < 5; round++)
        {
            pages.Change(200);
            pages.Check();
        }

        Assert.True(pages.File.LogLength > 4 * ModelledPages.Small.Memory);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Opening_gives_exactly_what_the_checkpoint_had(int seed)
    {
        var dice = new Random(seed);
        using var volume = new MemoryVolume(new Random(seed));
        var pages = new ModelledPages(volume, dice);
        pages.Open();
        for (int round = 0; round < 12; round++)
        {
            pages.Change(dice.Next(120));
            if (dice.Next(4) != 0)
                pages.Checkpoint(dice.Next(60));
            while (dice.Next(3) != 0 && pages.File.Compact())
                pages.Change(dice.Next(5));
            pages.Check();
            if (dice.Next(3) != 0)
                continue;
            pages.Dispose();
            pages.Open();
        }

        pages.Dispose();
    }

    [Fact]
    public void A_file_of_the_system_works_alike()
    {
        string root = Path.Combine(Path.GetTempPath(), $"p2pdb-pages-{Environment.ProcessId}");
        try
        {
            using var volume = new FileVolume(root);
            var pages = new ModelledPages(volume, new Random(1));
            pages.Open();
            for (int round = 0; round < 6; round++)
            {
                Assert.True(pages.File.TryReserve(2 << 20));
                pages.Change(150);
                pages.Checkpoint(50);
                while (pages.File.Compact())
                    pages.Change(3);
                pages.Dispose();
                pages.Open();
            }

            pages.Dispose();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void An_empty_token_is_an_empty_file()
    {
        using var volume = new MemoryVolume(new Random(1));
        using (var pages = new ModelledPages(volume, new Random(1)))
        {
            pages.Open();
            pages.Change(300);
            pages.Checkpoint(10);
        }

        using var file = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, []);
        Assert.Empty(PageImages.ReadAll(file, 200));
        Assert.Empty(volume.List(ModelledPages.Directory));
    }

    [Fact]
    public void A_checkpoint_of_nothing_is_one()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1));
        pages.Open();
        for (int round = 0; round < 3; round++)
        {
            pages.Checkpoint(0);
            pages.Checkpoint(round);
            pages.Dispose();
            pages.Open();
        }
    }

    [Fact]
    public void A_released_checkpoint_leaves_no_file_of_older_ones()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(2));
        pages.Open();
        for (int round = 0; round < 30; round++)
        {
            pages.Change(100);
            pages.Checkpoint(0);
            while (pages.File.Compact())
                pages.Check();
        }

        pages.Checkpoint(0);
        IReadOnlyList<string> names = volume.List(ModelledPages.Directory);
        Assert.InRange(names.Count(name => name.StartsWith("index-", StringComparison.Ordinal)), 1, 2);
        long segments = names.Count(name => name.StartsWith("log-", StringComparison.Ordinal));
        Assert.InRange(segments * ModelledPages.Small.SegmentLength, 0,
            pages.File.LogLength + (2 * ModelledPages.Small.SegmentLength));
    }

    [Fact]
    public void Compaction_keeps_the_log_under_about_twice_what_is_live()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(3), pageCount: 400);
        pages.Open();
        for (int round = 0; round < 40; round++)
        {
            pages.Change(200);
            while (pages.File.Compact())
            {
            }

            Assert.InRange(pages.File.LogLength, 0, (2 * pages.File.LiveLength) + ModelledPages.Small.Memory);
            pages.Checkpoint(20);
        }

        pages.Check();
    }

    [Fact]
    public void Records_tile_the_log()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var file = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, []);
        long before = 0;
        byte[] image = new byte[FasterPageFile.ImageLength];
        for (long page = 0; page < 103; page++)
        {
            // The first log page begins after 64 bytes, so that three records fit there.
            if (page == 3)
                before = file.LogLength;
            file.Write(page, image);
        }

        Assert.Equal(100 * 16384, file.LogLength - before - ModelledPages.Small.LogPageLength + (3 * 16384) + 64);
    }

    [Fact]
    public void Warm_writes_and_reads_from_memory_allocate_nothing()
    {
        using var volume = new MemoryVolume(new Random(1));
        var options = new PageFileOptions { IndexLength = 4096, Memory = 16 << 20, LogPageLength = 1 << 20 };
        using var file = FasterPageFile.Open(volume, ModelledPages.Directory, options, []);
        byte[] image = new byte[FasterPageFile.ImageLength];
        for (int i = 0; i < 100; i++)
        {
            file.Write(i % 10, image);
            Assert.True(file.TryRead(i % 10, image));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            file.Write(i % 10, image);
            file.TryRead(i % 10, image);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory, InlineData(512), InlineData(8192)]
    public void A_file_can_be_opened_with_another_length_of_index(long length)
    {
        const int pageCount = 200;
        using var volume = new MemoryVolume(new Random(1));
        byte[] image = new byte[FasterPageFile.ImageLength];
        byte[] token = [];
        using (var file = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, []))
        {
            for (int version = 1; version <= 2; version++)
            {
                for (int page = 0; page < pageCount; page++)
                {
                    PageImages.Fill(image, page, version);
                    file.Write(page, image);
                }

                file.BeginCheckpoint();
                token = file.CompleteCheckpoint();
                file.Release(token);
            }
        }

        Assert.NotNull(CheckpointToken.Decode(token, ModelledPages.Directory).Index);
        using var other = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small with { IndexLength = length }, token);
        Assert.Equal(Enumerable.Repeat(2, pageCount), PageImages.ReadAll(other, pageCount).Values);
    }

    [Fact]
    public void Damage_of_an_index_or_a_token_is_seen()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1));
        pages.Open();
        for (int round = 0; round < 3; round++)
        {
            pages.Change(100);
            pages.Checkpoint(0);
        }

        pages.Dispose();
        byte[] damaged = [.. pages.Token];
        damaged[20] ^= 1;
        Assert.Throws<CorruptionException>(
            () => FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, damaged));
        foreach (string name in volume.List(ModelledPages.Directory))
        {
            if (name.StartsWith("index-", StringComparison.Ordinal))
                volume.Corrupt($"{ModelledPages.Directory}/{name}", 100, 1);
        }

        Assert.Throws<CorruptionException>(
            () => FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, pages.Token));
    }
}
