using P2PDB.Engine;

namespace P2PDB.Stores;

/// <summary>P2PDB by a table's handle.</summary>
internal sealed class HandleStore : RowStore
{
    private readonly EngineStore _engine;
    private readonly TableHandle _table;
    private readonly TableKey _from;
    private readonly TableKey _to;
    private readonly RowWriter _row;

    public HandleStore(EngineStore engine)
    {
        _engine = engine;
        _table = engine.Session.OpenTable("bench", "t");
        _from = _table.NewKey();
        _to = _table.NewKey();
        _row = _table.NewRow();
    }

    public override string Name => "P2PDB, table handle";

    public override void Load(int count) => _engine.Load(count);

    public override long Read(int key) =>
        _table.TryGet(_from.Clear().AddInt64(key), out RowReader row) ? Sum(row) : throw new KeyNotFoundException();

    public override long Scan(int from, int to)
    {
        long sum = 0;
        foreach (RowReader row in _table.Scan(_from.Clear().AddInt64(from), _to.Clear().AddInt64(to), ScanOptions.ExcludeTo))
            sum += Sum(row);
        return sum;
    }

    public override void Write(int key, long number, ReadOnlySpan<byte> value)
    {
        _row.SetInt64(1, number);
        _row.SetBinary(2, value);
        _table.Update(_from.Clear().AddInt64(key), _row);
    }

    public override void Dispose()
    {
        _table.Dispose();
        _engine.Dispose();
    }

    private static long Sum(RowReader row)
    {
        ReadOnlySpan<byte> value = row.GetBytes(2);
        return row.GetInt64(1) + value.Length + value[0];
    }
}
