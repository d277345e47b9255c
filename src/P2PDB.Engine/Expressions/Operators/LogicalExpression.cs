using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>
/// AND and OR of three-valued logic. The right side is evaluated only for the rows that the left side leaves open, so
/// that `b &lt;&gt; 0 AND a / b &gt; 1` divides by no zero.
/// </summary>
internal sealed class LogicalExpression(bool isAnd, Expression left, Expression right) : Expression(SqlType.Boolean)
{
    private readonly Expression[] _operands = [left, right];

    public bool IsAnd => isAnd;

    public override bool IsBoolean => true;

    public override ReadOnlySpan<Expression> Children => _operands;

    public override bool IsNullable => left.IsNullable || right.IsNullable;

    public override string Describe(EvaluationContext context) =>
        $"({left.Describe(context)} {(isAnd ? "and" : "or")} {right.Describe(context)})";

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ColumnVector first = context.RentValue(left, input);
        result.Reset(Type);
        int[] open = context.RentPositions();
        int openCount = 0;
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            bool isNull = first.IsNull(row);
            if (isNull || Conversion.IsTrue(context, first, row) == isAnd)
                open[openCount++] = row;
            else
                result.SetBoolean(row, !isAnd);
        }

        if (openCount > 0)
        {
            RowBatch.SavedSelection saved = input.Save();
            input.Select(open, openCount);
            ColumnVector second = context.RentValue(right, input);
            input.Restore(saved);
            for (int i = 0; i < openCount; i++)
                Decide(context, first, second, open[i], result);
            context.Return();
        }

        context.ReturnPositions();
        context.Return();
    }

    private void Decide(EvaluationContext context, ColumnVector first, ColumnVector second, int row, ColumnVector result)
    {
        bool isSecondNull = second.IsNull(row);
        if (!isSecondNull && Conversion.IsTrue(context, second, row) != isAnd)
            result.SetBoolean(row, !isAnd);
        else if (isSecondNull || first.IsNull(row))
            result.SetNull(row);
        else
            result.SetBoolean(row, isAnd);
    }
}
