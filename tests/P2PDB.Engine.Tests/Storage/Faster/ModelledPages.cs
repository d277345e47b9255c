using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Tests.Storage.Faster;

/// <summary>A page file beside a dictionary that says what must be in it, now and at the last durable checkpoint.</summary>
internal sealed class ModelledPages(StorageVolume volume, Random dice, int pageCount = 120) : IDisposable
{
    public const string Directory = "db/pages";

    /// <summary>Small enough that a test soon has segments, index snapshots and compactions.</summary>
    public static readonly PageFileOptions Small = new()
    {
        Memory = 256 * 1024,
        LogPageLength = 64 * 1024,
        SegmentLength = 256 * 1024,
        IndexLength = 1024,
        IndexInterval = 1024 * 1024,
        CompactionLength = 256 * 1024,
        SessionCountMax = 4,
    };

    private readonly byte[] _image = new byte[FasterPageFile.ImageLength];
    private Dictionary<long, int> _pages = [];
    private Dictionary<long, int> _begun = [];
    private int _nextVersion;

    /// <summary>The file; opened by <see cref="Open"/>.</summary>
    public FasterPageFile File { get; private set; } = null!;

    /// <summary>The token of the last checkpoint that was completed.</summary>
    public byte[] Token { get; private set; } = [];

    /// <summary>What was in the file at that checkpoint.</summary>
    public Dictionary<long, int> Durable { get; private set; } = [];

    /// <summary>Opens the file at the last token and checks that it is what it was then.</summary>
    public void Open()
    {
        File = FasterPageFile.Open(volume, Directory, Small, Token);
        _pages = new Dictionary<long, int>(Durable);
        Check();
    }

    /// <summary>Writes and deletes pages at random.</summary>
    public void Change(int count)
    {
        for (int i = 0; i < count; i++)
        {
            long page = dice.Next(3) == 0 ? dice.Next(pageCount) : dice.Next((pageCount / 4) + 1);
            if (dice.Next(5) == 0)
            {
                _pages.Remove(page);
                File.Delete(page);
                continue;
            }

            int version = _nextVersion++;
            PageImages.Fill(_image, page, version);
            File.Write(page, _image);
            _pages[page] = version;
        }
    }

    public void BeginCheckpoint()
    {
        File.BeginCheckpoint();
        _begun = new Dictionary<long, int>(_pages);
    }

    public void CompleteCheckpoint()
    {
        Token = File.CompleteCheckpoint();
        Durable = _begun;
    }

    /// <summary>A whole checkpoint with changes during it.</summary>
    public void Checkpoint(int changes)
    {
        BeginCheckpoint();
        Change(changes);
        CompleteCheckpoint();
        Change(changes);
        File.Release(Token);
    }

    /// <summary>Compares every page.</summary>
    public void Check() => Assert.Equal(Sorted(_pages), Sorted(PageImages.ReadAll(File, pageCount)));

    public void Dispose() => File?.Dispose();

    private static SortedDictionary<long, int> Sorted(Dictionary<long, int> pages) => new(pages);
}
