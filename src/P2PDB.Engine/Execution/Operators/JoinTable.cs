using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// The right rows of a join by key, those of one key chained in the order they came; or the keys alone. Without keys all rows are one chain.
/// </summary>
internal sealed class JoinTable(SqlType[] types, bool hasKeys, bool keepsRows)
{
    private readonly KeyTable _keys = new();
    private readonly List<int> _firstOfKey = [];
    private readonly List<int> _lastOfKey = [];
    private readonly List<int> _nextOfRow = [];

    /// <summary>The rows.</summary>
    public RowStore Rows { get; } = new(types);

    /// <summary>Bytes that rows and keys take.</summary>
    public long HeldLength =>
        Rows.HeldLength + _keys.HeldLength + (sizeof(int) * ((long)_nextOfRow.Capacity + (2L * _firstOfKey.Capacity)));

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Rows.Clear();
        _keys.Clear();
        _firstOfKey.Clear();
        _lastOfKey.Clear();
        _nextOfRow.Clear();
    }

    /// <summary>Adds a row: column i of the table comes from column <paramref name="columns"/>[i] of the batch.</summary>
    public void Add(ReadOnlySpan<byte> key, RowBatch source, int row, ReadOnlySpan<int> columns)
    {
        if (hasKeys)
        {
            int number = _keys.GetOrAdd(key, out bool isNew);
            if (!keepsRows)
                return;
            Chain(number, isNew, Rows.Count);
        }

        Rows.Add(source, row, columns);
    }

    /// <summary>The first row of a key, or where no rows are kept any number; -1 where there is none, as for the empty key of a row that has a NULL in it.</summary>
    public int FirstOf(ReadOnlySpan<byte> key)
    {
        if (!hasKeys)
            return Rows.Count > 0 ? 0 : -1;
        int number = key.IsEmpty ? -1 : _keys.Find(key);
        return number < 0 || !keepsRows ? number : _firstOfKey[number];
    }

    /// <summary>The next row of the same key; -1 after the last.</summary>
    public int NextOf(int row) => hasKeys ? _nextOfRow[row] : row + 1 < Rows.Count ? row + 1 : -1;

    /// <summary>Puts all rows on the disk; those of one key keep their order.</summary>
    public void CopyTo(JoinSpill target, ReadOnlySpan<int> columns)
    {
        if (!hasKeys)
        {
            for (int row = 0; row < Rows.Count; row++)
                target.AddRight([], Rows.ChunkOf(row, out int place), place, columns);
            return;
        }

        var none = new RowBatch(types, 1);
        for (int number = 0; number < _keys.Count; number++)
        {
            if (!keepsRows)
                target.AddRight(_keys.KeyAt(number), none, 0, []);
            for (int row = keepsRows ? _firstOfKey[number] : -1; row >= 0; row = _nextOfRow[row])
                target.AddRight(_keys.KeyAt(number), Rows.ChunkOf(row, out int place), place, columns);
        }
    }

    private void Chain(int number, bool isNew, int row)
    {
        _nextOfRow.Add(-1);
        if (isNew)
        {
            _firstOfKey.Add(row);
            _lastOfKey.Add(row);
            return;
        }

        _nextOfRow[_lastOfKey[number]] = row;
        _lastOfKey[number] = row;
    }
}
