using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Bench.Engine.Execution;

/// <summary>What do the operators cost over 4,000 rows in memory: a filtered scan, an aggregate, a sort, a hash join? All are prepared; their plans are kept.</summary>
[MemoryDiagnoser]
public class OperatorBenchmarks : IDisposable
{
    private const int RowCount = 4_000;
    private const string Join = "SELECT COUNT(*) FROM a JOIN b ON b.k = a.k WHERE b.v < 900";

    private readonly ParameterSet _parameters = new();
    private readonly CountingSink _sink = new();
    private string _directory = "";
    private Database _database = null!;
    private Session _session = null!;
    private PreparedStatement _filter = null!;
    private PreparedStatement _aggregate = null!;
    private PreparedStatement _sort = null!;
    private PreparedStatement _join = null!;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-operator-{Environment.ProcessId}");
        _database = Database.Open(_directory, new DatabaseOptions { FlushMode = 0 });
        _session = _database.OpenSession();
        _session.Execute("CREATE DATABASE bench; USE bench"u8, ResultSink.Discard);
        Fill("a", RowCount, 500);
        Fill("b", RowCount / 4, 1_000);
        _filter = _session.Prepare("SELECT COUNT(*) FROM a WHERE v > 500 AND k <> 7"u8);
        _aggregate = _session.Prepare("SELECT k, COUNT(*), SUM(v) FROM a GROUP BY k"u8);
        _sort = _session.Prepare("SELECT id FROM a ORDER BY v, c"u8);
        _join = _session.Prepare(Encoding.ASCII.GetBytes(Join));
        var plan = new TextResult();
        _session.Execute(Encoding.ASCII.GetBytes("EXPLAIN FORMAT=TREE " + Join), plan);
        if (!plan[0][0]!.Contains("Hash inner join", StringComparison.Ordinal))
            throw new InvalidOperationException($"The join is none by hash: {plan[0][0]}");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _filter.Dispose();
        _aggregate.Dispose();
        _sort.Dispose();
        _join.Dispose();
        _session.Dispose();
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public long FilterScan() => Run(_filter);

    [Benchmark]
    public long Aggregate() => Run(_aggregate);

    [Benchmark]
    public long Sort() => Run(_sort);

    [Benchmark]
    public long HashJoin() => Run(_join);

    private long Run(PreparedStatement statement)
    {
        _parameters.Reset(0);
        statement.Execute(_parameters, _sink);
        return _sink.RowCount;
    }

    private void Fill(string table, int count, int keyCount)
    {
        var text = new StringBuilder(
            $"CREATE TABLE {table} (id INT PRIMARY KEY, k INT NOT NULL, v INT NOT NULL, c VARCHAR(20) NOT NULL); INSERT INTO {table} VALUES ");
        for (int id = 0; id < count; id++)
            text.Append(CultureInfo.InvariantCulture, $"{(id == 0 ? "" : ",")}({id},{id % keyCount},{id * 7919L % 1_000},'text {id * 31 % 97}')");
        _session.Execute(Encoding.ASCII.GetBytes(text.ToString()), ResultSink.Discard);
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
