using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Recursion;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Gives out the rows of the start, then those of one step after the other, each over the rows of the one before, until a step gives
/// none. Rows go out as they come, so that LIMIT ends a recursion that would not end. The rows of two steps, and with UNION
/// DISTINCT the keys of all rows, are held in memory: error 1038 where they are too many; error 3636 past cte_max_recursion_depth.
/// </summary>
internal sealed class RecursiveOperator : Operator
{
    private readonly Operator _start;
    private readonly Operator[] _steps;
    private readonly WorkingTable _table;
    private readonly bool _isDistinct;
    private readonly int[] _columns;
    private readonly ColumnAssignment[] _assignments;
    private readonly RowBatch _output;
    private readonly ByteWriter _key = new();
    private readonly KeyTable _seen = new();
    private RowStore _last;
    private RowStore _current;
    private Operator? _source;
    private int _step;
    private long _depth;
    private long _depthMax;

    public RecursiveOperator(RecursiveNode node, Operator start, Operator[] steps)
    {
        _start = start;
        _steps = steps;
        _table = node.Table;
        _isDistinct = node.IsDistinct;
        SqlType[] types = node.Types;
        _last = new RowStore(types);
        _current = new RowStore(types);
        _output = new RowBatch(types);
        _columns = new int[types.Length];
        _assignments = new ColumnAssignment[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            _columns[i] = i;
            _assignments[i] = new ColumnAssignment(types[i], _table.Columns[i].Name, isNullable: true);
        }
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (_source is not null)
        {
            Context.ThrowIfStopped();
            if (_source.Next() is not { } batch)
            {
                _source.Close();
                _source = NextSource();
                continue;
            }

            bool any = Take(batch);
            Hold(_last.HeldLength + _current.HeldLength + _seen.HeldLength);
            if (any)
                return _output;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _source?.Close();
        _source = null;
        Forget();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Forget();
        _depth = 0;
        _depthMax = Context.Session.GetSystemVariable("cte_max_recursion_depth", isGlobal: false).Int64;
        _step = _steps.Length;
        _source = _start;
        _source.Open(Context);
    }

    /// <summary>The next query of the step, or the first one of the next step; null where the last step gave nothing.</summary>
    private Operator? NextSource()
    {
        if (++_step >= _steps.Length)
        {
            (_last, _current) = (_current, _last);
            _current.Clear();
            if (_last.Count == 0)
                return null;
            if (++_depth > _depthMax)
                throw RecursionErrors.TooDeep(_depth).ToException();
            _table.Batches.Clear();
            for (int row = 0; row < _last.Count; row += RowBatch.RowCountMax)
                _table.Batches.Add(_last.ChunkOf(row, out _));
            _step = 0;
        }

        _steps[_step].Open(Context);
        return _steps[_step];
    }

    /// <summary>Converts rows to the columns' types, keeps them for the next step and fills the output; false where none is new.</summary>
    private bool Take(RowBatch batch)
    {
        _output.Reset();
        int filled = 0;
        bool wasStrict = Context.Evaluation.IsStrictWrite;
        Context.Evaluation.IsStrictWrite = true;
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            int row = batch.RowAt(i);
            for (int column = 0; column < _assignments.Length; column++)
                _assignments[column].Assign(Context.Evaluation, batch.Column(column), row, _output.Column(column), filled);
            if (_isDistinct && !IsNew(filled))
                continue;
            _current.Add(_output, filled, _columns);
            filled++;
        }

        Context.Evaluation.IsStrictWrite = wasStrict;
        _output.RowCount = filled;
        return filled > 0;
    }

    private bool IsNew(int row)
    {
        _key.Clear();
        RowKeyWriter.AppendLeading(_output, row, _columns.Length, _key);
        _seen.GetOrAdd(_key.Written, out bool isNew);
        return isNew;
    }

    private void Forget()
    {
        _table.Batches.Clear();
        _last.Clear();
        _current.Clear();
        _seen.Clear();
        Hold(0);
    }
}
