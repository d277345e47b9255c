using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>
/// CASE WHEN condition THEN value … ELSE value END; also IF and the like. Branches are evaluated only for the rows that
/// take them. All values are brought to one type at binding.
/// </summary>
internal sealed class CaseExpression : Expression
{
    private readonly Expression[] _conditions;
    private readonly Expression[] _values;
    private readonly Expression? _otherwise;
    private readonly Expression[] _children;

    private CaseExpression(SqlType type, Expression[] conditions, Expression[] values, Expression? otherwise)
        : base(type)
    {
        _conditions = conditions;
        _values = values;
        _otherwise = otherwise;
        _children = otherwise is null ? [.. conditions, .. values] : [.. conditions, .. values, otherwise];
    }

    public override ReadOnlySpan<Expression> Children => _children;

    public override bool IsNullable
    {
        get
        {
            foreach (Expression value in _values)
            {
                if (value.IsNullable)
                    return true;
            }

            return _otherwise is null || _otherwise.IsNullable;
        }
    }

    /// <summary>Types the branches and makes the node; without an ELSE the value is NULL.</summary>
    public static Expression Bind(ReadOnlySpan<Expression> conditions, ReadOnlySpan<Expression> values, Expression? otherwise)
    {
        Expression[] all = otherwise is null ? values.ToArray() : [.. values, otherwise];
        SqlType type = NumericTyping.Aggregate(all);
        Expression[] converted = new Expression[values.Length];
        for (int i = 0; i < converted.Length; i++)
            converted[i] = Operator.ConvertTo(values[i], type);
        return new CaseExpression(type, Array.ConvertAll(conditions.ToArray(), static condition => condition.AsNumber), converted,
            otherwise is null ? null : Operator.ConvertTo(otherwise, type));
    }

    public override string Describe(EvaluationContext context) => "case";

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        RowBatch.SavedSelection saved = input.Save();
        result.Reset(Type);
        int[] open = context.RentPositions(), taken = context.RentPositions();
        int openCount = 0;
        for (int i = 0; i < input.SelectedCount; i++)
            open[openCount++] = input.RowAt(i);
        for (int branch = 0; branch < _conditions.Length && openCount > 0; branch++)
        {
            input.Select(open, openCount);
            ColumnVector condition = context.RentValue(_conditions[branch], input);
            int takenCount = 0, leftCount = 0;
            for (int i = 0; i < openCount; i++)
            {
                int row = open[i];
                if (!condition.IsNull(row) && Conversion.IsTrue(context, condition, row))
                    taken[takenCount++] = row;
                else
                    open[leftCount++] = row;
            }

            context.Return();
            openCount = leftCount;
            Take(context, input, _values[branch], taken, takenCount, result);
        }

        if (_otherwise is not null)
        {
            Take(context, input, _otherwise, open, openCount, result);
        }
        else
        {
            for (int i = 0; i < openCount; i++)
                result.SetNull(open[i]);
        }

        context.ReturnPositions();
        context.ReturnPositions();
        input.Restore(saved);
    }

    private static void Take(EvaluationContext context, RowBatch input, Expression value, int[] rows, int count, ColumnVector result)
    {
        if (count == 0)
            return;
        input.Select(rows, count);
        result.CopySelected(context.RentValue(value, input), input);
        context.Return();
    }
}
