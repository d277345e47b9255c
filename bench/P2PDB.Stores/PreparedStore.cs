using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Stores;

/// <summary>P2PDB by prepared statements, on the rows that another store of the same engine has loaded.</summary>
internal sealed class PreparedStore : RowStore
{
    private readonly ParameterSet _parameters = new();
    private readonly SummingSink _sink = new();
    private readonly PreparedStatement _read;
    private readonly PreparedStatement _scan;
    private readonly PreparedStatement _write;

    public PreparedStore(EngineStore engine)
    {
        _read = engine.Session.Prepare("SELECT k, v FROM t WHERE id = ?"u8);
        _scan = engine.Session.Prepare("SELECT k, v FROM t WHERE id >= ? AND id < ?"u8);
        _write = engine.Session.Prepare("UPDATE t SET k = ?, v = ? WHERE id = ?"u8);
    }

    public override string Name => "P2PDB, prepared";

    public override void Load(int count)
    {
        // They are there.
    }

    public override long Read(int key)
    {
        _parameters.Reset(1);
        _parameters.SetInt64(0, key);
        return Run(_read);
    }

    public override long Scan(int from, int to)
    {
        _parameters.Reset(2);
        _parameters.SetInt64(0, from);
        _parameters.SetInt64(1, to);
        return Run(_scan);
    }

    public override void Write(int key, long number, ReadOnlySpan<byte> value)
    {
        _parameters.Reset(3);
        _parameters.SetInt64(0, number);
        _parameters.SetBinary(1, value);
        _parameters.SetInt64(2, key);
        _write.Execute(_parameters, _sink);
    }

    public override void Dispose()
    {
        _read.Dispose();
        _scan.Dispose();
        _write.Dispose();
    }

    private long Run(PreparedStatement statement)
    {
        _sink.Sum = 0;
        statement.Execute(_parameters, _sink);
        return _sink.Sum;
    }

    private sealed class SummingSink : ResultSink
    {
        public long Sum { get; set; }

        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
            // They are known.
        }

        public override void Rows(RowBatch batch)
        {
            ColumnVector numbers = batch.Column(0);
            ColumnVector values = batch.Column(1);
            for (int i = 0; i < batch.SelectedCount; i++)
            {
                int row = batch.RowAt(i);
                ReadOnlySpan<byte> value = values.GetBytes(row);
                Sum += numbers.GetInt64(row) + value.Length + value[0];
            }
        }

        public override void RowsDone(in StatementOutcome outcome)
        {
            // Nothing to keep.
        }

        public override void Ok(in StatementOutcome outcome)
        {
            // Nothing to keep.
        }

        public override void Fail(SqlError failure) => throw failure.ToException();
    }
}
