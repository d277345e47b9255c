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
    private readonly RowBatch _left;
    private readonly RowBatch _right;
    private readonly KeyTable _keys = new();
    private readonly ByteWriter _key = new();
    private bool _hasNull;

    private SubqueryKeySet(Expression leftKey, Expression rightKey, SqlType left, SqlType right)
    {
        _leftKey = leftKey;
        _rightKey = rightKey;
        _left = new RowBatch([left], 1) { RowCount = 1 };
        _right = new RowBatch([right], 1) { RowCount = 1 };
    }

    /// <summary>A set for comparing values of two types, or null where only the comparison itself can.</summary>
    public static SubqueryKeySet? TryMake(SqlType left, SqlType right)
    {
        Expression leftKey = new ColumnExpression(0, left);
        Expression rightKey = new ColumnExpression(0, right);
        return JoinKey.TryAlign(ref leftKey, ref rightKey) ? new SubqueryKeySet(leftKey, rightKey, left, right) : null;
    }

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        _keys.Clear();
        _hasNull = false;
    }

    /// <summary>Adds a value of the subquery.</summary>
    public void Add(EvaluationContext context, ColumnVector source, int row)
    {
        if (Encode(context, _rightKey, _right, source, row))
            _keys.GetOrAdd(_key.Written, out _);
        else
            _hasNull = true;
    }

    /// <summary>Whether a value is in the set; null where NULL leaves it open.</summary>
    public bool? Contains(EvaluationContext context, ColumnVector source, int row)
    {
        if (_keys.Count == 0 && !_hasNull)
            return false;
        if (!Encode(context, _leftKey, _left, source, row))
            return null;
        if (_keys.Find(_key.Written) >= 0)
            return true;
        return _hasNull ? null : false;
    }

    private bool Encode(EvaluationContext context, Expression expression, RowBatch batch, ColumnVector source, int row)
    {
        batch.Column(0).Reset(batch.Column(0).Type);
        batch.Column(0).CopyRow(source, row, 0);
        ColumnVector key = context.RentValue(expression, batch);
        bool isPresent = !key.IsNull(0);
        _key.Clear();
        if (isPresent)
            KeyEncoder.Append(_key, key, 0);
        context.Return();
        return isPresent;
    }
}
