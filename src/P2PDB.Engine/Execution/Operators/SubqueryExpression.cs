using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// A query inside an expression. Uncorrelated it runs once per execution and its rows are kept; correlated it runs for each
/// row, whose columns it sees through the enclosing block's <see cref="OuterRow"/>.
/// </summary>
internal sealed class SubqueryExpression : QueryExpression
{
    private readonly SubqueryRequest _request;
    private readonly Func<StatementContext> _context;
    private readonly RowBatch _pair;
    private Operator? _operator;
    private long _keptExecution = -1;
    private RowStore? _kept;
    private SqlValue _keptValue;
    private readonly SubqueryKeySet? _keySet;

    public SubqueryExpression(SubqueryRequest request, Func<StatementContext> context)
        : base(request.Kind == SubqueryKind.Scalar ? request.Types[0] : SqlType.Boolean, isCorrelated: request.Outer is not null)
    {
        _request = request;
        _context = context;
        int leftCount = request.Left.Length;
        var types = new SqlType[leftCount + request.Types.Length];
        for (int i = 0; i < leftCount; i++)
            types[i] = request.Left[i].Type;
        request.Types.CopyTo(types, leftCount);
        _pair = new RowBatch(types, 1) { RowCount = 1 };
        if (request.Kind == SubqueryKind.In && leftCount == 1 && request.Outer is null)
            _keySet = SubqueryKeySet.TryMake(request.Left[0].Type, request.Types[0]);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Children => _request.Left;

    /// <inheritdoc/>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override bool IsNullable => _request.Kind != SubqueryKind.Exists;

    private Operator Operator => _operator ??= OperatorBuilder.Build(_request.Plan);

    /// <inheritdoc/>
    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        result.Reset(Type);
        int count = input.SelectedCount;
        if (count == 0)
            return;
        ReadOnlySpan<ColumnVector> left = context.RentAll(_request.Left, input);
        if (_keySet is not null)
        {
            StatementContext statement = _context();
            if (_keptExecution != statement.Execution)
                Keep(statement);
            _keySet.Contain(context, left[0], input, result);
            context.Return(_request.Left.Length);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            int row = input.RowAt(i);
            _request.Outer?.MoveTo(input, row);
            switch (_request.Kind)
            {
                case SubqueryKind.Scalar:
                    EvaluateScalar(result, row);
                    break;
                case SubqueryKind.Exists:
                    result.SetBoolean(row, HasRow());
                    break;
                default:
                    EvaluateComparison(context, left, row, result);
                    break;
            }
        }

        context.Return(_request.Left.Length);
    }

    private void EvaluateScalar(ColumnVector result, int row)
    {
        StatementContext context = _context();
        if (_request.Outer is null && _keptExecution == context.Execution)
        {
            _keptValue.CopyTo(result, row);
            return;
        }

        Operator source = Operator;
        source.Open(context);
        SqlValue value = SqlValue.NullOf(Type);
        bool hasRow = false;
        while (source.Next() is { } batch)
        {
            if (hasRow || batch.SelectedCount > 1)
            {
                source.Close();
                throw SqlErrors.SubqueryMoreThanOneRow().ToException();
            }

            hasRow = true;
            value = SqlValue.FromVector(batch.Column(0), batch.RowAt(0));
        }

        source.Close();
        value.CopyTo(result, row);
        _keptValue = value;
        _keptExecution = context.Execution;
    }

    private bool HasRow()
    {
        StatementContext context = _context();
        if (_request.Outer is null && _keptExecution == context.Execution)
            return !_keptValue.IsNull;
        Operator source = Operator;
        source.Open(context);
        bool hasRow = source.Next() is not null;
        source.Close();
        _keptValue = hasRow ? SqlValue.FromInt64(1) : SqlValue.Null;
        _keptExecution = context.Execution;
        return hasRow;
    }

    private void EvaluateComparison(EvaluationContext evaluation, ReadOnlySpan<ColumnVector> left, int row, ColumnVector result)
    {
        StatementContext context = _context();
        if (_request.Outer is not null || _keptExecution != context.Execution)
            Keep(context);

        // ANY and IN are true at the first match; ALL is false at the first mismatch; NULL in between is remembered.
        bool endsAt = _request.Kind != SubqueryKind.All;
        bool hasNull = false;
        _pair.Reset();
        _pair.RowCount = 1;
        for (int i = 0; i < left.Length; i++)
            _pair.Column(i).CopyRow(left[i], row, 0);
        for (int kept = 0; kept < _kept!.Count; kept++)
        {
            for (int i = 0; i < _request.Types.Length; i++)
            {
                ColumnVector source = _kept.Vector(kept, i, out int place);
                _pair.Column(left.Length + i).Reset(_pair.Column(left.Length + i).Type);
                _pair.Column(left.Length + i).CopyRow(source, place, 0);
            }

            ColumnVector truth = evaluation.RentValue(_request.Comparison!, _pair);
            bool isNull = truth.IsNull(0);
            bool isTrue = !isNull && Conversion.IsTrue(evaluation, truth, 0);
            evaluation.Return();
            hasNull |= isNull;
            if (!isNull && isTrue == endsAt)
            {
                result.SetBoolean(row, endsAt);
                return;
            }
        }

        if (hasNull)
            result.SetNull(row);
        else
            result.SetBoolean(row, !endsAt);
    }

    private void Keep(StatementContext context)
    {
        _kept ??= new RowStore(_request.Types);
        _kept.Clear();
        _keySet?.Clear();
        int[] columns = new int[_request.Types.Length];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = i;
        Operator source = Operator;
        source.Open(context);
        while (source.Next() is { } batch)
        {
            context.ThrowIfStopped();
            if (_keySet is not null)
            {
                _keySet.AddAll(context.Evaluation, batch);
                continue;
            }

            for (int i = 0; i < batch.SelectedCount; i++)
                _kept.Add(batch, batch.RowAt(i), columns);
        }

        source.Close();
        _keptExecution = context.Execution;
    }
}
