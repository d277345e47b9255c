using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// UNION ALL, INTERSECT and EXCEPT. Rows of both inputs are converted to the common types first, since equality is theirs.
/// INTERSECT and EXCEPT count the right side's rows by key, then let left rows pass or not.
/// </summary>
internal sealed class SetOperationOperator(
    SetOperator kind, bool isAll, Operator left, Operator right, SqlType[] types) : Operator
{
    private readonly RowBatch _output = new(types);
    private readonly KeyTable _keys = new();
    private readonly List<int> _counts = [];
    private readonly ByteWriter _key = new();
    private bool _leftIsDone;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (true)
        {
            Context.ThrowIfStopped();
            RowBatch? batch = _leftIsDone ? null : left.Next();
            if (batch is null)
            {
                _leftIsDone = true;
                batch = kind == SetOperator.Union ? right.Next() : null;
                if (batch is null)
                    return null;
            }

            bool any = Convert(batch);
            Hold(_keys.HeldLength);
            if (any)
                return _output;
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _keys.Clear();
        _counts.Clear();
        Hold(0);
        left.Close();
        right.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _keys.Clear();
        _counts.Clear();
        _leftIsDone = false;
        right.Open(Context);
        if (kind != SetOperator.Union)
            CountRight();
        left.Open(Context);
    }

    private void CountRight()
    {
        while (right.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            Hold(_keys.HeldLength);
            int count = batch.SelectedCount;
            for (int i = 0; i < count; i++)
            {
                _output.Reset();
                ConvertRow(batch, batch.RowAt(i), 0);
                int number = _keys.GetOrAdd(KeyOf(0), out bool isNew);
                if (isNew)
                    _counts.Add(0);
                _counts[number]++;
            }
        }
    }

    private bool Convert(RowBatch batch)
    {
        _output.Reset();
        int filled = 0;
        int count = batch.SelectedCount;
        for (int i = 0; i < count; i++)
        {
            ConvertRow(batch, batch.RowAt(i), filled);
            if (Passes(filled))
                filled++;
        }

        _output.RowCount = filled;
        return filled > 0;
    }

    private void ConvertRow(RowBatch batch, int row, int target)
    {
        for (int column = 0; column < types.Length; column++)
            Conversion.Convert(Context.Evaluation, batch.Column(column), row, _output.Column(column), target);
    }

    private bool Passes(int row)
    {
        if (kind == SetOperator.Union)
            return true;
        int number = _keys.Find(KeyOf(row));
        bool isThere = number >= 0 && _counts[number] > 0;
        if (isAll)
        {
            if (isThere)
                _counts[number]--;
            return isThere == (kind == SetOperator.Intersect);
        }

        if (kind == SetOperator.Intersect)
        {
            // Each common row comes out once.
            if (isThere)
                _counts[number] = 0;
            return isThere;
        }

        if (number >= 0)
            return false;
        _keys.GetOrAdd(KeyOf(row), out _);
        _counts.Add(1);
        return true;
    }

    private ReadOnlySpan<byte> KeyOf(int row)
    {
        _key.Clear();
        RowKeyWriter.AppendLeading(_output, row, types.Length, _key);
        return _key.Written;
    }
}
