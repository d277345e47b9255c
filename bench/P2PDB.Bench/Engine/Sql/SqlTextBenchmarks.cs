using System.Text;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine.Sql;

namespace P2PDB.Bench.Engine.Sql;

/// <summary>What does reading a statement's text cost: its tokens, its fingerprint (what a repeated statement pays), its tree?</summary>
[MemoryDiagnoser]
public class SqlTextBenchmarks
{
    private readonly StatementFingerprint _fingerprint = new();
    private byte[] _sql = [];

    [Params("point select", "insert of 100 rows")]
    public string Statement { get; set; } = string.Empty;

    [GlobalSetup]
    public void Setup()
    {
        StringBuilder text = new("SELECT c FROM sbtest1 WHERE id=?");
        if (Statement != "point select")
        {
            text.Clear().Append("INSERT INTO sbtest1(k, c, pad) VALUES");
            for (int i = 0; i < 100; i++)
                text.Append(i == 0 ? "(" : ",(").Append(49929 + i).Append(", '83868641912-28773972837-60736120486', '67847967377-48000963322')");
        }

        _sql = Encoding.ASCII.GetBytes(text.ToString());
    }

    [Benchmark(Baseline = true)]
    public int Tokens()
    {
        var lexer = new Lexer(_sql, default);
        int count = 0;
        while (lexer.Next().Kind != TokenKind.End)
            count++;
        return count;
    }

    [Benchmark]
    public bool Fingerprint() => _fingerprint.TryCompute(_sql, default);

    [Benchmark]
    public object Tree() => Parser.Parse(_sql, default, out _);
}
