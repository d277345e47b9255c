using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Bench.Engine;

/// <summary>
/// What do a point select and a point update cost in-process, prepared and as a text that differs each time, on 1 M rows of 200 bytes in random
/// order? Commits are synced once a second (mode 0): the disk is left to the benchmarks of the commit.
/// </summary>
[MemoryDiagnoser]
public class PointBenchmarks : IDisposable
{
    private const int RowCount = 1_000_000;
    private const int InsertedCount = 1_000;
    private const int KeyCount = 16_384;   // a power of two

    private readonly int[] _keys = new int[KeyCount];
    private readonly byte[][] _selects = new byte[KeyCount][];
    private readonly byte[][] _updates = new byte[KeyCount][];
    private readonly ParameterSet _parameters = new();
    private readonly CountingSink _sink = new();
    private string _directory = "";
    private Database _database = null!;
    private Session _session = null!;
    private PreparedStatement _select = null!;
    private PreparedStatement _update = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-point-{Environment.ProcessId}");
        _database = Database.Open(_directory, new DatabaseOptions { FlushMode = 0 });
        _session = _database.OpenSession();
        _session.Execute("CREATE DATABASE bench; USE bench"u8, ResultSink.Discard);
        _session.Execute("CREATE TABLE t (id INT PRIMARY KEY, k INT NOT NULL, c CHAR(120) NOT NULL, pad CHAR(60) NOT NULL)"u8, ResultSink.Discard);
        Fill();
        _select = _session.Prepare("SELECT c FROM t WHERE id = ?"u8);
        _update = _session.Prepare("UPDATE t SET k = ? WHERE id = ?"u8);
        var random = new Random(1);
        for (int i = 0; i < KeyCount; i++)
        {
            _keys[i] = random.Next(RowCount);
            _selects[i] = Encoding.ASCII.GetBytes($"SELECT c FROM t WHERE id = {_keys[i]}");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _select.Dispose();
        _update.Dispose();
        _session.Dispose();
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public long SelectPrepared()
    {
        _parameters.Reset(1);
        _parameters.SetInt64(0, NextKey());
        _select.Execute(_parameters, _sink);
        return _sink.RowCount;
    }

    [Benchmark]
    public long SelectText()
    {
        _session.Execute(_selects[_next++ & (KeyCount - 1)], _sink);
        return _sink.RowCount;
    }

    [Benchmark]
    public void UpdatePrepared()
    {
        _parameters.Reset(2);
        _parameters.SetInt64(0, _next);
        _parameters.SetInt64(1, NextKey());
        _update.Execute(_parameters, _sink);
    }

    [Benchmark]
    public void UpdateText() => _session.Execute(_updates[_next++ & (KeyCount - 1)], _sink);

    /// <summary>Each text adds to what is there, so that every update changes its row.</summary>
    [GlobalSetup(Target = nameof(UpdateText))]
    public void SetupUpdates()
    {
        Setup();
        for (int i = 0; i < KeyCount; i++)
            _updates[i] = Encoding.ASCII.GetBytes($"UPDATE t SET k = k + 1 WHERE id = {_keys[i]}");
    }

    private int NextKey() => _keys[_next++ & (KeyCount - 1)];

    private void Fill()
    {
        var text = new StringBuilder();
        for (int first = 0; first < RowCount; first += InsertedCount)
        {
            text.Clear().Append("INSERT INTO t VALUES ");
            for (int id = first; id < first + InsertedCount; id++)
            {
                text.Append(id == first ? "" : ",").Append(CultureInfo.InvariantCulture,
                    $"({id},{id * 7},'{id:D120}','{id:D60}')");
            }

            _session.Execute(Encoding.ASCII.GetBytes(text.ToString()), ResultSink.Discard);
        }
    }

    private sealed class CountingSink : ResultSink
    {
        public long RowCount { get; private set; }

        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
        }

        public override void Rows(RowBatch batch) => RowCount += batch.SelectedCount;

        public override void RowsDone(in StatementOutcome outcome)
        {
        }

        public override void Ok(in StatementOutcome outcome)
        {
        }

        public override void Fail(SqlError failure) => throw failure.ToException();
    }
}
