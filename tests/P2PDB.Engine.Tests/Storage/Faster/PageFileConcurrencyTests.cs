using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Tests.Storage.Faster;

public class PageFileConcurrencyTests
{
    private const int PageCount = 300;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Readers_see_whole_and_current_images_while_others_write_compact_and_checkpoint(int seed)
    {
        using var volume = new MemoryVolume(new Random(seed));
        using var file = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, []);
        int[] written = new int[PageCount];
        for (int page = 0; page < PageCount; page++)
            Write(file, page, 1, written);

        using var stop = new CancellationTokenSource();
        Task[] others =
        [
            Task.Run(() => ReadUntil(file, written, new Random(seed + 1), stop.Token)),
            Task.Run(() => ReadUntil(file, written, new Random(seed + 2), stop.Token)),
            Task.Run(() => WriteUntil(file, written, new Random(seed + 3), 0, stop.Token)),
            Task.Run(() => WriteUntil(file, written, new Random(seed + 4), 1, stop.Token)),
        ];
        byte[] token = [];
        int[] atCheckpoint = [];
        int[] after = [];
        int compactions = 0;
        Task checkpoints = Task.Run(() =>
        {
            for (int round = 0; round < 25 || compactions == 0; round++)
            {
                int[] before = Copy(written);
                file.BeginCheckpoint();
                after = Copy(written);
                token = file.CompleteCheckpoint();
                atCheckpoint = before;
                file.Release(token);
                for (int piece = 0; piece < 8 && file.Compact(); piece++)
                    compactions++;
            }
        });
        await Task.WhenAny(checkpoints, Task.WhenAny(others)).WaitAsync(Deadline);
        await stop.CancelAsync();
        await Task.WhenAll([checkpoints, .. others]).WaitAsync(Deadline);

        file.Dispose();
        using var reopened = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, token);
        Dictionary<long, int> found = PageImages.ReadAll(reopened, PageCount);
        for (int page = 0; page < PageCount; page++)
        {
            // A write under way when the checkpoint began may be in it: two writers, one write each.
            Assert.InRange(found[page], atCheckpoint[page], after[page] + 1);
        }
    }

    [Fact]
    public async Task A_write_after_the_beginning_of_a_checkpoint_is_never_in_it()
    {
        using var volume = new MemoryVolume(new Random(1));
        using var file = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, []);
        int[] written = new int[PageCount];
        byte[] token = [];
        int[] begun = [];
        await Task.Run(() =>
        {
            for (int round = 1; round < 12; round++)
            {
                for (int page = 0; page < PageCount; page += 2)
                    Write(file, page, (2 * round) - 1, written);
                file.BeginCheckpoint();
                begun = Copy(written);
                Parallel.For(0, PageCount, page => Write(file, page, 2 * round, written));
                token = file.CompleteCheckpoint();
                file.Release(token);
            }
        }).WaitAsync(Deadline);

        file.Dispose();
        using var reopened = FasterPageFile.Open(volume, ModelledPages.Directory, ModelledPages.Small, token);
        Dictionary<long, int> found = PageImages.ReadAll(reopened, PageCount);
        for (int page = 0; page < PageCount; page++)
            Assert.Equal(begun[page], found[page]);
    }

    private static int[] Copy(int[] written)
    {
        int[] copy = new int[written.Length];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = Volatile.Read(ref written[i]);
        return copy;
    }

    private static void Write(FasterPageFile file, int page, int version, int[] written)
    {
        Span<byte> image = new byte[FasterPageFile.ImageLength];
        PageImages.Fill(image, page, version);
        file.Write(page, image);
        Volatile.Write(ref written[page], version);
    }

    private static void WriteUntil(FasterPageFile file, int[] written, Random dice, int parity, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int page = ((dice.Next(2) == 0 ? dice.Next(PageCount) : dice.Next(20)) & ~1) | parity;
            Write(file, page, written[page] + 1, written);
        }
    }

    private static void ReadUntil(FasterPageFile file, int[] written, Random dice, CancellationToken stop)
    {
        byte[] image = new byte[FasterPageFile.ImageLength];
        while (!stop.IsCancellationRequested)
        {
            int page = dice.Next(PageCount);
            int before = Volatile.Read(ref written[page]);
            Assert.True(file.TryRead(page, image));
            int version = PageImages.VersionOf(image, page);
            Assert.InRange(version, before, Volatile.Read(ref written[page]) + 1);
        }
    }
}
