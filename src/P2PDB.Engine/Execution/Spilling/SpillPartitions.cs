using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>
/// Rows that wait on the disk until memory is free for their keys. They are spread over partitions by key; then partition after
/// partition is read, and what does not fit even then is spread again, into partitions of its own.
/// </summary>
internal sealed class SpillPartitions : IDisposable
{
    private readonly StatementContext _context;
    private readonly OperatorMeasure? _measure;
    private readonly int[] _columns;
    private readonly RowBatch _batch;
    private readonly Stack<(SpillFile File, int Depth)> _waiting = [];
    private SpillSpread? _spread;
    private SpillFile? _part;
    private SpillReader? _reader;
    private int _depth;

    /// <summary>For rows with columns like those of a batch.</summary>
    public SpillPartitions(StatementContext context, OperatorMeasure? measure, RowBatch like)
    {
        _context = context;
        _measure = measure;
        _columns = new int[like.Columns.Length];
        var types = new SqlType[_columns.Length];
        for (int i = 0; i < _columns.Length; i++)
            (_columns[i], types[i]) = (i, like.Column(i).Type);
        _batch = new RowBatch(types);
        context.Session.Counters.Add(StatusCounter.CreatedTmpDiskTables);
    }

    /// <summary>Puts a row aside until its partition is read.</summary>
    public void Add(ReadOnlySpan<byte> key, RowBatch source, int row)
    {
        if (_depth > SpillSpread.DepthMax)
            throw _context.Memory.Exceeded();
        _spread ??= new SpillSpread(_context, _measure, _depth);
        _spread.FileOf(key).Add([], source, row, _columns);
    }

    /// <summary>Begins the next partition; false where none waits.</summary>
    public bool NextPart()
    {
        EndPart();
        if (_spread is not null)
        {
            for (int i = SpillSpread.FileCount - 1; i >= 0; i--)
            {
                if (_spread.Take(i) is { } file)
                    _waiting.Push((file, _depth));
            }

            _spread = null;
        }

        if (!_waiting.TryPop(out (SpillFile File, int Depth) next))
            return false;
        (_part, _depth) = (next.File, next.Depth + 1);
        _reader = new SpillReader(_part, _part.All);
        return true;
    }

    /// <summary>The next rows of the partition; valid until the next call. Null at its end.</summary>
    public RowBatch? Read()
    {
        _context.ThrowIfStopped();
        _batch.Reset();
        int count = 0;
        for (; count < RowBatch.RowCountMax && _reader!.Read(); count++)
            _reader.CopyTo(_batch, count, _columns);
        _batch.RowCount = count;
        return count > 0 ? _batch : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndPart();
        _spread?.Dispose();
        foreach ((SpillFile file, _) in _waiting)
            file.Dispose();
        _waiting.Clear();
    }

    private void EndPart()
    {
        _reader?.Dispose();
        _part?.Dispose();
        (_reader, _part) = (null, null);
    }
}
