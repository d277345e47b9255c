using BenchmarkDotNet.Attributes;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Bench.Engine.Log;

/// <summary>What does a durable journal record cost beside the disk's own 4 KiB O_DSYNC write?</summary>
[MemoryDiagnoser]
public class JournalBenchmarks : IDisposable
{
    private const int FileLength = 32 * 1024 * 1024;
    private readonly byte[] _block = new byte[4096];
    private byte[] _record = [];
    private string _directory = "";
    private FileVolume _volume = null!;
    private StorageFile _file = null!;
    private Journal _journal = null!;
    private long _offset;

    [Params(600, 12000)]
    public int RecordLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-journal-{Environment.ProcessId}");
        _volume = new FileVolume(_directory);
        _record = new byte[RecordLength];
        new Random(1).NextBytes(_record);
        using (StorageFile file = _volume.Open("raw", StorageOpening.CreateEmpty))
            file.FillWithZeros(0, FileLength);
        _file = _volume.Open("raw", StorageOpening.Existing, writeThrough: true);
        _journal = Journal.Open(_volume, new JournalOptions(), (ReadOnlySpan<byte> _, long _, in JournalSegment _) => { });
        _journal.Append(_record, FlushMode.EachCommit);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _file.Dispose();
        _journal.Dispose();
        _volume.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void RawBlockWrite()
    {
        _file.Write(_offset, _block);
        _offset = (_offset + _block.Length) % FileLength;
    }

    [Benchmark]
    public void DurableAppend()
    {
        _journal.Append(_record, FlushMode.EachCommit);
        _journal.Release(_journal.Position);
    }

    [Benchmark]
    public void CachedAppend()
    {
        _journal.Append(_record, FlushMode.WriteEachCommit);
        _journal.Release(_journal.Position);
    }
}
