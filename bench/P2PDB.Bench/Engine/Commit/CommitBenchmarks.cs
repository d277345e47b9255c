using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using P2PDB.Bench.Engine.Log;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Bench.Engine.Commit;

/// <summary>What does a signed, durable one-row commit cost beside the disk's own 4 KiB O_DSYNC write? Rows are not applied.</summary>
[MemoryDiagnoser]
public class CommitBenchmarks : IDisposable
{
    private readonly byte[] _key = new byte[8];
    private readonly byte[] _image = new byte[128];
    private readonly ChangeSet _changes = new();
    private readonly CommitRequest _request = new();
    private string _directory = "";
    private FileVolume _volume = null!;
    private RawFile _raw = null!;
    private NodeLog _log = null!;
    private CommitLoop _loop = null!;
    private DatabaseId _database;
    private long _next;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-commit-{Environment.ProcessId}");
        _volume = new FileVolume(_directory);
        _raw = new RawFile(_volume);
        _log = NodeLog.Open(_volume, new NodeLogOptions());
        _loop = new CommitLoop(_log, new NothingApplied());
        _loop.CreateDatabase("bench", out DatabaseLog? database);
        _database = database!.Id;
        new Random(1).NextBytes(_image);
        _request.Changes.Add(_changes);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _raw.Dispose();
        _loop.Dispose();
        _log.Dispose();
        _changes.Dispose();
        _volume.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void RawBlockWrite() => _raw.Append(StorageFile.BlockLength);

    [Benchmark]
    public void DurableCommit() => Commit(FlushMode.EachCommit);

    [Benchmark]
    public void PeriodicCommit() => Commit(FlushMode.Periodic);

    private void Commit(FlushMode mode)
    {
        _changes.Clear(_database);
        BinaryPrimitives.WriteInt64BigEndian(_key, _next++);
        _changes.Insert(_changes.AddTable(default, [new LoggedColumn(new ColumnId(1), 1, 0)]), _key, _image);
        _loop.FlushMode = mode;
        if (_loop.Commit(_request) != CommitStatus.Committed)
            throw new InvalidOperationException($"{_request.Status}");
    }
}
