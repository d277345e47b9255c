using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;

namespace P2PDB.Bench.Server;

/// <summary>What does it cost to turn 1,000 rows of five columns into packets, in text and in binary form?</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls Cleanup.")]
public class RowBenchmarks
{
    private const int RowCount = 1_000;

    private static readonly SqlType[] Types =
        [SqlType.BigInt, SqlType.VarChar(60), SqlType.Double, SqlType.Decimal(10, 2), SqlType.DateTime()];

    private readonly RowBatch _batch = new(Types) { RowCount = RowCount };
    private readonly PacketWriter _writer = new();
    private ColumnForm[] _forms = [];

    [GlobalSetup]
    public void Setup()
    {
        _forms = Array.ConvertAll(Types, type => ColumnForm.Of(new ResultColumn("c", type)));
        for (int row = 0; row < RowCount; row++)
        {
            _batch.Column(0).SetInt64(row, row * 1_000_003L);
            _batch.Column(1).SetBytes(row, "a name of ordinary length"u8);
            _batch.Column(2).SetDouble(row, row / 7.0);
            _batch.Column(3).SetDecimal(row, SqlDecimal.FromScaled(row, 2));
            _batch.Column(4).SetInt64(row, new TemporalValue(2026, 1, 1, 12).Packed);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _writer.Dispose();

    [Benchmark(Baseline = true)]
    public int Binary()
    {
        _writer.Clear();
        for (int row = 0; row < RowCount; row++)
        {
            _writer.Begin();
            BinaryRows.Write(_writer, _forms, _batch, row, SessionTimeZone.Utc);
            _writer.End();
        }

        return _writer.Length;
    }

    [Benchmark]
    public int Text()
    {
        _writer.Clear();
        for (int row = 0; row < RowCount; row++)
        {
            _writer.Begin();
            TextRows.Write(_writer, _forms, _batch, row, SessionTimeZone.Utc);
            _writer.End();
        }

        return _writer.Length;
    }
}
