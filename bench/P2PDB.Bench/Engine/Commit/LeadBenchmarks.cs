using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Bench.Engine.Commit;

/// <summary>
/// What does a commit cost where the caller leads, and where it hands its transaction to a commit thread? One operation is one commit.
/// Decision 4 rests on it.
/// </summary>
[MemoryDiagnoser]
public class LeadBenchmarks : IDisposable
{
    private const int CommitCount = 1024;

    private readonly List<Committer> _committers = [];
    private string _directory = "";
    private NodeLog _log = null!;
    private CommitLoop? _loop;
    private CommitSteps? _steps;
    private CommitThread? _thread;
    private Barrier _start = null!;
    private Barrier _end = null!;
    private volatile bool _isEnding;

    /// <summary>What a commit does: an empty transaction shows the hand-off alone, a written one is encoded, hashed and signed, a durable one synced too.</summary>
    public enum Effort
    {
        Nothing,
        Signed,
        Durable,
    }

    [Params(1, 16)]
    public int CommitterCount { get; set; }

    [ParamsAllValues]
    public Effort CommitEffort { get; set; }

    private FlushMode Mode => CommitEffort == Effort.Durable ? FlushMode.EachCommit : FlushMode.Periodic;

    [GlobalSetup(Target = nameof(Lead))]
    public void SetupLead()
    {
        Open();
        _loop = new CommitLoop(_log, new NothingApplied()) { FlushMode = Mode };
        _loop.CreateDatabase("bench", out DatabaseLog? database);
        Start(database!.Id, _loop.Commit);
    }

    [GlobalSetup(Target = nameof(HandOff))]
    public void SetupHandOff()
    {
        Open();
        _steps = new CommitSteps(_log, new NothingApplied(), null);
        _steps.Create("bench", out DatabaseLog? database);
        _thread = new CommitThread(_steps, Mode);
        Start(database!.Id, _thread.Commit);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _isEnding = true;
        _start.SignalAndWait();
        foreach (Committer committer in _committers)
            committer.Dispose();
        _committers.Clear();
        _thread?.Dispose();
        _steps?.Dispose();
        _loop?.Dispose();
        _log.Dispose();
        _start.Dispose();
        _end.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = CommitCount)]
    public void Lead() => CommitAll();

    [Benchmark(OperationsPerInvoke = CommitCount)]
    public void HandOff() => CommitAll();

    private void CommitAll()
    {
        _start.SignalAndWait();
        _end.SignalAndWait();
    }

    private void Open()
    {
        _isEnding = false;
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-lead-{Environment.ProcessId}");
        _log = NodeLog.Open(new FileVolume(_directory), new NodeLogOptions());
        _start = new Barrier(CommitterCount + 1);
        _end = new Barrier(CommitterCount + 1);
    }

    private void Start(DatabaseId database, Func<CommitRequest, CommitStatus> commit)
    {
        for (int i = 0; i < CommitterCount; i++)
        {
            var committer = new Committer(this, i, database, commit);
            _committers.Add(committer);
            committer.Start();
        }
    }

    /// <summary>A thread that commits its share whenever a round begins.</summary>
    private sealed class Committer : IDisposable
    {
        private readonly LeadBenchmarks _bench;
        private readonly DatabaseId _database;
        private readonly Func<CommitRequest, CommitStatus> _commit;
        private readonly CommitRequest _request = new();
        private readonly ChangeSet _changes = new();
        private readonly byte[] _key = new byte[8];
        private readonly byte[] _image = new byte[128];
        private readonly Thread _thread;
        private long _next;

        public Committer(LeadBenchmarks bench, int number, DatabaseId database, Func<CommitRequest, CommitStatus> commit)
        {
            _bench = bench;
            _next = (long)number << 32;
            _database = database;
            _commit = commit;
            new Random(number).NextBytes(_image);
            if (bench.CommitEffort != Effort.Nothing)
                _request.Changes.Add(_changes);
            _thread = new Thread(Run) { IsBackground = true };
        }

        public void Start() => _thread.Start();

        public void Dispose()
        {
            _thread.Join();
            _changes.Dispose();
        }

        private void Run()
        {
            while (true)
            {
                _bench._start.SignalAndWait();
                if (_bench._isEnding)
                    return;
                for (int i = 0; i < CommitCount / _bench.CommitterCount; i++)
                    Commit();
                _bench._end.SignalAndWait();
            }
        }

        private void Commit()
        {
            if (_request.Changes.Count > 0)
            {
                _changes.Clear(_database);
                BinaryPrimitives.WriteInt64BigEndian(_key, _next++);
                _changes.Insert(_changes.AddTable(default, [new LoggedColumn(new ColumnId(1), 1, 0)]), _key, _image);
            }

            CommitStatus status = _commit(_request);
            if (status != CommitStatus.Committed)
                throw new InvalidOperationException($"{status}");
        }
    }
}
