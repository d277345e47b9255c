using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// A query inside an expression. Uncorrelated it runs once per execution and its rows are kept. Correlated it runs for a row, whose
/// columns it sees through the enclosing block's <see cref="OuterRow"/>, where its answer is not known from a row with the same values;
/// and once that has cost as much as the query freed of the row would (<see cref="KeyedQuery"/>), that one runs and answers for all rows.
/// </summary>
internal sealed class SubqueryExpression : QueryExpression
{
    private readonly SubqueryRequest _request;
    private readonly Func<StatementContext> _context;
    private readonly RowBatch _pair;
    private readonly SubqueryKeySet? _keySet;
    private readonly SubqueryMemo? _memo;
    private Operator? _operator;
    private KeyedAnswers? _keyed;
    private bool _isKeyed;
    private int _runCount;
    private long _knownExecution = -1;
    private SqlValue? _answerOfNone;
    private long _keptExecution = -1;
    private RowStore? _kept;
    private SqlValue _keptValue;
    private MemoryHold _memory;

    public SubqueryExpression(SubqueryRequest request, Func<StatementContext> context)
        : base(request.Kind == SubqueryKind.Scalar ? request.Types[0] : SqlType.Boolean, request)
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
        if (request.Outer is not null && request.IsRepeatable)
            _memo = new SubqueryMemo(request.Reads);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Children => _request.Left;

    /// <inheritdoc/>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override bool IsDeterministic => _request.IsRepeatable;

    /// <inheritdoc/>
    public override bool IsNullable => _request.Kind != SubqueryKind.Exists;

    private Operator Operator => _operator ??= OperatorBuilder.Build(_request.Plan, _context().Measures);

    /// <inheritdoc/>
    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        result.Reset(Type);
        int count = input.SelectedCount;
        if (count == 0)
            return;
        StatementContext statement = _context();
        ReadOnlySpan<ColumnVector> left = context.RentAll(_request.Left, input);
        if (_keySet is not null)
        {
            if (_keptExecution != statement.Execution)
                Keep(statement);
            _keySet.Contain(context, left[0], input, result);
            context.Return(_request.Left.Length);
            return;
        }

        ForgetFormerExecution(statement);
        for (int i = 0; i < count; i++)
        {
            if (_request.Keyed is { } keyed && (_isKeyed || _runCount >= keyed.RunCount))
            {
                AnswerByKey(statement, keyed, input, i, result);
                break;
            }

            AnswerRow(context, left, input, input.RowAt(i), result);
        }

        context.Return(_request.Left.Length);
    }

    private void ForgetFormerExecution(StatementContext context)
    {
        if (_knownExecution == context.Execution)
            return;
        _knownExecution = context.Execution;
        _memo?.Clear();
        _keyed?.Clear();
        _isKeyed = false;
        _answerOfNone = null;
        _runCount = 0;
    }

    private void AnswerRow(EvaluationContext context, ReadOnlySpan<ColumnVector> left, RowBatch input, int row, ColumnVector result)
    {
        _request.Outer?.MoveTo(input, row);
        if (_memo is not null && _memo.TryFind(left, row, out SqlValue known))
        {
            known.CopyTo(result, row);
            return;
        }

        _runCount++;
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

        _memo?.Add(SqlValue.FromVector(result, row));
    }

    /// <summary>Answers for the rows from the <paramref name="first"/> selected one on.</summary>
    private void AnswerByKey(StatementContext statement, KeyedQuery keyed, RowBatch input, int first, ColumnVector result)
    {
        EvaluationContext context = statement.Evaluation;
        bool isExists = _request.Kind == SubqueryKind.Exists;
        if (!_isKeyed)
        {
            _keyed ??= new KeyedAnswers(keyed, isExists ? null : Type, OperatorBuilder.Build(keyed.Plan, statement.Measures));
            _keyed.Fill(statement);
            _isKeyed = true;
        }

        ReadOnlySpan<ColumnVector> keys = context.RentAll(keyed.OuterKeys, input);
        for (int i = first; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            int number = _keyed!.Find(keys, row);
            if (isExists)
                result.SetBoolean(row, number >= 0);
            else if (number >= 0)
                _keyed.CopyTo(number, result, row);
            else
                AnswerOfNone(input, row, result);
        }

        context.Return(keyed.OuterKeys.Length);
    }

    /// <summary>What the query says where it finds nothing, such as COUNT's 0: asked of it for the first row that is like that.</summary>
    private void AnswerOfNone(RowBatch input, int row, ColumnVector result)
    {
        if (_answerOfNone is { } none)
        {
            none.CopyTo(result, row);
            return;
        }

        _request.Outer!.MoveTo(input, row);
        EvaluateScalar(result, row);
        _answerOfNone = SqlValue.FromVector(result, row);
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

        if (_request.Kind == SubqueryKind.Row)
        {
            CompareRow(evaluation, left, row, result);
            return;
        }

        // ANY and IN are true at the first match; ALL is false at the first mismatch; NULL in between is remembered.
        bool endsAt = _request.Kind != SubqueryKind.All;
        bool hasNull = false;
        _pair.Reset();
        _pair.RowCount = 1;
        for (int i = 0; i < left.Length; i++)
            _pair.Column(i).CopyRow(left[i], row, 0);
        for (int kept = 0; kept < _kept!.Count; kept++)
        {
            if ((kept & 0x3FF) == 0)
                context.ThrowIfStopped();
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

    /// <summary>Compares with the query's one row, or with NULLs where it gives none.</summary>
    private void CompareRow(EvaluationContext evaluation, ReadOnlySpan<ColumnVector> left, int row, ColumnVector result)
    {
        if (_kept!.Count > 1)
            throw SqlErrors.SubqueryMoreThanOneRow().ToException();
        _pair.Reset();
        _pair.RowCount = 1;
        for (int i = 0; i < left.Length; i++)
            _pair.Column(i).CopyRow(left[i], row, 0);
        for (int i = 0; i < _request.Types.Length; i++)
        {
            ColumnVector target = _pair.Column(left.Length + i);
            if (_kept.Count == 0)
                target.SetNull(0);
            else
                target.CopyRow(_kept.Vector(0, i, out int place), place, 0);
        }

        result.CopyRow(evaluation.RentValue(_request.Comparison!, _pair), 0, row);
        evaluation.Return();
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
                _memory.Set(context, _keySet.HeldLength);
                continue;
            }

            for (int i = 0; i < batch.SelectedCount; i++)
                _kept.Add(batch, batch.RowAt(i), columns);
            _memory.Set(context, _kept.HeldLength);
        }

        source.Close();
        _keptExecution = context.Execution;
    }
}
