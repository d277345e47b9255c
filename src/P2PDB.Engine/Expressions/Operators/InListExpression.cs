using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>operand IN (list): true on a match, NULL where none matches and a NULL took part, else false.</summary>
internal sealed class InListExpression(Expression operand, Expression[] list, bool isNegated) : Expression(SqlType.Boolean)
{
    private readonly Expression[] _comparisons = Compare(operand, list);

    /// <summary>True for NOT IN.</summary>
    public bool IsNegated => isNegated;

    public override bool IsBoolean => true;

    public override ReadOnlySpan<Expression> Children => _comparisons;

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        RowBatch.SavedSelection saved = input.Save();
        result.Reset(Type);
        int[] open = context.RentPositions();
        int openCount = 0;
        for (int i = 0; i < input.SelectedCount; i++)
        {
            open[openCount++] = input.RowAt(i);
            result.SetBoolean(input.RowAt(i), isNegated);
        }

        foreach (Expression comparison in _comparisons)
        {
            if (openCount == 0)
                break;
            input.Select(open, openCount);
            ColumnVector match = context.RentValue(comparison, input);
            int left = 0;
            for (int i = 0; i < openCount; i++)
            {
                int row = open[i];
                if (match.IsNull(row))
                    result.SetNull(row);
                if (match.IsNull(row) || match.GetInt64(row) == 0)
                    open[left++] = row;
                else
                    result.SetBoolean(row, !isNegated);
            }

            openCount = left;
            context.Return();
        }

        context.ReturnPositions();
        input.Restore(saved);
    }

    private static Expression[] Compare(Expression operand, Expression[] list)
    {
        Expression[] comparisons = new Expression[list.Length];
        for (int i = 0; i < list.Length; i++)
            comparisons[i] = new ComparisonExpression(ComparisonOperator.Equal, operand, list[i]);
        return comparisons;
    }
}
