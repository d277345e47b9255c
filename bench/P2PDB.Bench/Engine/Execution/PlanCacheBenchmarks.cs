using System.Text;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Bench.Engine.Execution;

/// <summary>What does finding the plan of a text with other literals cost, beside reading and planning the text anew?</summary>
[MemoryDiagnoser]
public class PlanCacheBenchmarks : IDisposable
{
    private readonly LiftedLiterals _literals = new();
    private readonly PlanCache _plans = new();
    private string _directory = "";
    private Database _database = null!;
    private Session _session = null!;
    private StatementRunner _runner = null!;
    private byte[] _text = [];

    [Params("point select", "join")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-plan-{Environment.ProcessId}");
        _database = Database.Open(_directory);
        _session = _database.OpenSession();
        _session.Execute("CREATE DATABASE bench; USE bench"u8, ResultSink.Discard);
        _session.Execute("CREATE TABLE t (id INT PRIMARY KEY, k INT NOT NULL, c CHAR(120) NOT NULL, KEY (k))"u8, ResultSink.Discard);
        _runner = new StatementRunner(_session.State);
        string format = Query == "join"
            ? "SELECT a.c, b.c FROM t a JOIN t b ON b.id = a.k WHERE a.id BETWEEN {0} AND 900 ORDER BY a.c"
            : "SELECT c FROM t WHERE id = {0}";
        Keep(Encoding.ASCII.GetBytes(format.Replace("{0}", "17", StringComparison.Ordinal)));
        _text = Encoding.ASCII.GetBytes(format.Replace("{0}", "42", StringComparison.Ordinal));
        if (Hit() is null)
            throw new InvalidOperationException("The plan of one text does not serve the other.");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public object Anew() => _runner.Compile(Parser.Parse(_text, _runner.ParseOptions, out _), []);

    [Benchmark]
    public object? Hit() => _literals.TryRead(_text, _runner.ParseOptions) ? _plans.Find(_literals, _runner.Context) : null;

    private void Keep(byte[] text)
    {
        Statement statement = Parser.Parse(text, _runner.ParseOptions, out _);
        _literals.TryRead(text, _runner.ParseOptions);
        _plans.Add(_literals, _runner.Compile(statement, [], _literals.Bind), _runner.Context);
    }
}
