using BenchmarkDotNet.Attributes;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Bench.Engine.Log;

/// <summary>What does a journal record cost, durable or in the system's cache, beside the disk's own O_DSYNC write of the same bytes?</summary>
[MemoryDiagnoser]
public class JournalBenchmarks : IDisposable
{
    private byte[] _record = [];
    private string _directory = "";
    private FileVolume _volume = null!;
    private RawFile _raw = null!;
    private Journal _journal = null!;

    [Params(600, 12000)]
    public int RecordLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-journal-{Environment.ProcessId}");
        _volume = new FileVolume(_directory);
        _record = new byte[RecordLength];
        new Random(1).NextBytes(_record);
        _raw = new RawFile(_volume);
        _journal = Journal.Open(_volume, new JournalOptions(), (ReadOnlySpan<byte> _, long _, in JournalSegment _) => { });
        _journal.Append(_record, FlushMode.EachCommit);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _raw.Dispose();
        _journal.Dispose();
        _volume.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void RawWrite() => _raw.Append(JournalFormat.Padded(JournalFormat.FrameHeaderLength + RecordLength));

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
