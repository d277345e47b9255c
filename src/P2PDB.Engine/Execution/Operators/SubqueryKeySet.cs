using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>The values of an uncorrelated IN subquery as a set of keys, with NULL logic.</summary>
internal sealed class SubqueryKeySet
{
    private readonly Expression _leftKey;
    private readonly Expression _rightKey;
    private readonly RowBatch _values;
    private readonly KeyTable _keys = new();
    private readonly ByteWriter _key = new();
    private bool _hasNull;

    private SubqueryKeySet(Expression leftKey, Expression rightKey)
    {
        _leftKey = leftKey;
        _rightKey = rightKey;
        _values = new RowBatch([new ColumnVector(leftKey.Type, 1)]);
    }

    /// <summary>A set for comparing values of two types, or null where only the comparison itself can.</summary>
    public static SubqueryKeySet? TryMake(SqlType left, SqlType right)
    {
        Expression leftKey = new ColumnExpression(0, left);
        Expression rightKey = new ColumnExpression(0, right);
        return JoinKey.TryAlign(ref leftKey, ref rightKey) ? new SubqueryKeySet(leftKey, rightKey) : null;
    }

    /// <summary>Bytes that the values take.</summary>
    public long HeldLength => _keys.HeldLength;

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        _keys.Clear();
        _hasNull = false;
    }

    /// <summary>Adds the first column of the subquery's rows.</summary>
    public void AddAll(EvaluationContext context, RowBatch rows)
    {
        ColumnVector keys = Align(context, _rightKey, rows.Column(0), rows);
        for (int i = 0; i < rows.SelectedCount; i++)
        {
            if (Encode(keys, rows.RowAt(i)))
                _keys.GetOrAdd(_key.Written, out _);
            else
                _hasNull = true;
        }

        context.Return();
    }

    /// <summary>Says of each value whether it is in the set; NULL where NULL leaves that open.</summary>
    public void Contain(EvaluationContext context, ColumnVector source, RowBatch rows, ColumnVector result)
    {
        ColumnVector keys = Align(context, _leftKey, source, rows);
        for (int i = 0; i < rows.SelectedCount; i++)
        {
            int row = rows.RowAt(i);
            if (_keys.Count == 0 && !_hasNull)
                result.SetBoolean(row, false);
            else if (!Encode(keys, row))
                result.SetNull(row);
            else if (_keys.Find(_key.Written) >= 0)
                result.SetBoolean(row, true);
            else if (_hasNull)
                result.SetNull(row);
            else
                result.SetBoolean(row, false);
        }

        context.Return();
    }

    /// <summary>The values in the type that both sides are compared in.</summary>
    private ColumnVector Align(EvaluationContext context, Expression key, ColumnVector source, RowBatch rows)
    {
        _values.SetColumn(0, source);
        _values.RowCount = rows.RowCount;
        _values.Restore(rows.Save());
        return context.RentAll(new ReadOnlySpan<Expression>(in key), _values)[0];
    }

    private bool Encode(ColumnVector keys, int row)
    {
        if (keys.IsNull(row))
            return false;
        _key.Clear();
        KeyEncoder.Append(_key, keys, row);
        return true;
    }
}
