using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Tests.Storage.Faster;

public class PageFileFaultTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task After_a_power_loss_the_file_is_as_at_the_last_durable_token(int seed)
    {
        var dice = new Random(seed);
        using var volume = new MemoryVolume(new Random(seed));
        var pages = new ModelledPages(volume, dice);
        pages.Open();
        for (int life = 0; life < 4; life++)
        {
            // What waits for the disk that is gone waits until the file is closed.
            volume.LosePowerAfter(dice.Next(1, 120));
            Task running = Task.Run(() => RunUntilPowerLoss(pages, volume, dice));
            await UntilAsync(() => volume.IsDown);
            await Task.Run(pages.Dispose).WaitAsync(Deadline);
            await running.WaitAsync(Deadline);
            volume.Restart();
            pages.Open();
        }

        pages.Dispose();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_write_that_fails_once_loses_nothing(bool asFull)
    {
        // Each call that changes the volume fails once: one run for each.
        bool wasReached = true;
        for (int call = 0; wasReached; call++)
        {
            using var volume = new MemoryVolume(new Random(call));
            var dice = new Random(7);
            var pages = new ModelledPages(volume, dice, pageCount: 40);
            pages.Open();
            volume.FailAfter(call, asFull);
            long before = volume.CallCount;
            await Task.Run(() => RunThroughFailure(pages)).WaitAsync(Deadline);
            await UntilAsync(() => !pages.File.IsFailing);
            wasReached = volume.CallCount - before > call;
            pages.Dispose();
            volume.Restart();
            pages.Open();
            pages.Dispose();
        }
    }

    [Fact]
    public async Task A_full_disk_is_told_and_waited_for()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1), pageCount: 400);
        pages.Open();
        pages.Change(100);
        pages.Checkpoint(10);
        volume.LimitGrowth(0);

        Task changing = Task.Run(() => pages.Change(400));
        await UntilAsync(() => pages.File.IsFailing);
        Assert.IsType<DiskFullException>(pages.File.Failure);
        Assert.False(pages.File.TryReserve(1 << 20));
        Assert.False(pages.File.Compact());
        Assert.False(changing.IsCompleted);

        volume.LimitGrowth(null);
        Assert.True(pages.File.TryReserve(1 << 20));
        await changing.WaitAsync(Deadline);
        pages.Check();
        pages.Checkpoint(10);
        Assert.False(pages.File.IsFailing);
        Assert.Null(pages.File.Failure);
        pages.Dispose();
        pages.Open();
    }

    [Fact]
    public async Task A_checkpoint_without_room_is_given_up_and_the_next_has_all()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1));
        pages.Open();
        pages.Change(10);
        pages.Checkpoint(0);
        volume.LimitGrowth(0);
        pages.Change(5);
        pages.BeginCheckpoint();

        await Task.Run(() => Assert.Throws<DiskFullException>(pages.CompleteCheckpoint)).WaitAsync(Deadline);
        Assert.Throws<DiskFullException>(pages.BeginCheckpoint);
        Assert.False(pages.File.HasRoom);
        Assert.Throws<DiskFullException>(pages.File.RequireRoom);
        pages.Check();

        volume.LimitGrowth(null);
        await Task.Run(() => Begin(pages)).WaitAsync(Deadline);
        pages.Change(5);
        await Task.Run(pages.CompleteCheckpoint).WaitAsync(Deadline);
        pages.Dispose();
        pages.Open();
    }

    [Fact]
    public async Task Reserved_room_is_room()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1));
        pages.Open();
        const int changes = 100;
        Assert.True(pages.File.TryReserve(2 * changes * 16384));
        volume.LimitGrowth(0);

        await Task.Run(() =>
        {
            pages.Change(changes / 2);
            pages.BeginCheckpoint();
            pages.Change(changes / 2);
            pages.CompleteCheckpoint();
        }).WaitAsync(Deadline);

        Assert.False(pages.File.IsFailing);
        Assert.False(pages.File.TryReserve(100 << 20));
    }

    [Fact]
    public async Task Closing_ends_what_waits_for_a_full_disk()
    {
        using var volume = new MemoryVolume(new Random(1));
        var pages = new ModelledPages(volume, new Random(1), pageCount: 400);
        pages.Open();
        volume.LimitGrowth(0);
        Task changing = Task.Run(() => pages.Change(400));
        await UntilAsync(() => pages.File.IsFailing);

        await Task.Run(pages.Dispose).WaitAsync(Deadline);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => changing.WaitAsync(Deadline));
        volume.LimitGrowth(null);
        pages.Open();
        pages.Dispose();
    }

    [Theory]
    [InlineData(1)]    // by the sync at the end
    [InlineData(20)]   // by one of those between
    public void A_sync_that_fails_ends_the_file(int pageCount)
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1));
        pages.Open();
        pages.Change(50);
        pages.Checkpoint(0);

        // Many records are more than is synced at a time; one leaves it to the end, but where others before it are almost as much.
        volume.FailNextSync();
        Assert.Throws<PageFileFailedException>(() =>
        {
            for (int page = 0; page < pageCount; page++)
                pages.File.Write(page, new byte[FasterPageFile.ImageLength]);
            pages.File.BeginCheckpoint();
            pages.File.CompleteCheckpoint();
        });
        Assert.Throws<PageFileFailedException>(() => pages.File.BeginCheckpoint());
        Assert.Throws<PageFileFailedException>(() => pages.File.CompleteCheckpoint());
        Assert.IsType<PageFileFailedException>(pages.File.Failure);

        pages.Dispose();
        pages.Open();
    }

    [Fact]
    public void A_read_that_fails_ends_the_file()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var pages = new ModelledPages(volume, new Random(1), pageCount: 200);
        pages.Open();
        pages.Change(500);
        pages.Checkpoint(0);
        volume.Kill();

        Assert.Throws<PageFileFailedException>(() => PageImages.ReadAll(pages.File, 200));
        Assert.Throws<PageFileFailedException>(() => pages.File.Write(1, new byte[FasterPageFile.ImageLength]));
        Assert.Throws<PageFileFailedException>(() => pages.File.BeginCheckpoint());

        pages.Dispose();
        volume.Restart();
        pages.Open();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static void RunUntilPowerLoss(ModelledPages pages, MemoryVolume volume, Random dice)
    {
        try
        {
            while (!volume.IsDown)
            {
                pages.Change(dice.Next(40));
                if (dice.Next(3) == 0)
                    pages.Checkpoint(dice.Next(20));
                if (dice.Next(4) == 0)
                    pages.File.Compact();
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // The power is lost, or the read or the sync that met it failed.
        }
    }

    /// <summary>Begins a checkpoint; as often as it takes where the one before was given up and still waits for the device.</summary>
    private static void Begin(ModelledPages pages)
    {
        while (true)
        {
            try
            {
                pages.BeginCheckpoint();
                return;
            }
            catch (DiskFullException)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Completes the checkpoint; or another, where the device fails meanwhile.</summary>
    private static void Complete(ModelledPages pages)
    {
        while (true)
        {
            try
            {
                pages.CompleteCheckpoint();
                return;
            }
            catch (DiskFullException)
            {
                Begin(pages);
            }
        }
    }

    private static void RunThroughFailure(ModelledPages pages)
    {
        try
        {
            for (int round = 0; round < 4; round++)
            {
                pages.Change(40);
                Begin(pages);
                pages.Change(10);
                Complete(pages);
                try
                {
                    pages.File.Release(pages.Token);
                }
                catch (IOException failure) when (failure is not PageFileFailedException)
                {
                    pages.File.Release(pages.Token);
                }

                while (pages.File.Compact())
                    pages.Change(1);
                pages.Check();
            }
        }
        catch (PageFileFailedException)
        {
            // It was a sync of the log: the file ends, and opens again as it was at the last token.
        }
    }
}
