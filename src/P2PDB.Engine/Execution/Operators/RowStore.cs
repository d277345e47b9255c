using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Rows kept while an operator needs all of them, in batches of columns. Rows are numbered from 0 as they come.</summary>
internal sealed class RowStore(SqlType[] types)
{
    private readonly List<RowBatch> _chunks = [];
    private long _lengthOfFull;

    /// <summary>Rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the rows take.</summary>
    public long HeldLength => Count == 0 ? 0 : _lengthOfFull + LengthOf(_chunks[^1]);

    /// <summary>Forgets all rows; the first chunk's memory is kept.</summary>
    public void Clear()
    {
        if (_chunks.Count > 1)
            _chunks.RemoveRange(1, _chunks.Count - 1);
        if (_chunks.Count == 1)
            _chunks[0].Reset();
        Count = 0;
        _lengthOfFull = 0;
    }

    /// <summary>Adds one row: column i of the store comes from column <paramref name="columns"/>[i] of the batch.</summary>
    public void Add(RowBatch source, int row, ReadOnlySpan<int> columns)
    {
        int place = Count & (RowBatch.RowCountMax - 1);
        if (place == 0 && Count / RowBatch.RowCountMax == _chunks.Count)
        {
            _lengthOfFull += _chunks.Count == 0 ? 0 : LengthOf(_chunks[^1]);
            _chunks.Add(new RowBatch(types));
        }

        RowBatch chunk = _chunks[^1];
        for (int i = 0; i < columns.Length; i++)
            chunk.Column(i).CopyRow(source.Column(columns[i]), row, place);
        chunk.RowCount = place + 1;
        Count++;
    }

    /// <summary>Copies a row: column i of the store goes to column <paramref name="columns"/>[i] of the batch.</summary>
    public void CopyTo(int row, RowBatch target, int targetRow, ReadOnlySpan<int> columns)
    {
        RowBatch chunk = _chunks[row / RowBatch.RowCountMax];
        int place = row & (RowBatch.RowCountMax - 1);
        for (int i = 0; i < columns.Length; i++)
            target.Column(columns[i]).CopyRow(chunk.Column(i), place, targetRow);
    }

    /// <summary>The batch that holds a row, column i being its i-th, and the row's place in it.</summary>
    public RowBatch ChunkOf(int row, out int place)
    {
        place = row & (RowBatch.RowCountMax - 1);
        return _chunks[row / RowBatch.RowCountMax];
    }

    /// <summary>The vector that holds a column of a row, and the row's place in it.</summary>
    public ColumnVector Vector(int row, int column, out int place)
    {
        place = row & (RowBatch.RowCountMax - 1);
        return _chunks[row / RowBatch.RowCountMax].Column(column);
    }

    private static long LengthOf(RowBatch chunk)
    {
        long length = 0;
        foreach (ColumnVector column in chunk.Columns)
            length += column.HeldLength;
        return length;
    }
}
