using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>COALESCE and IFNULL: the first value that is not NULL; later operands only where all before are NULL.</summary>
internal sealed class CoalesceExpression : Expression
{
    private readonly Expression[] _operands;

    private CoalesceExpression(SqlType type, Expression[] operands)
        : base(type) => _operands = operands;

    public override ReadOnlySpan<Expression> Children => _operands;

    public override bool IsNullable
    {
        get
        {
            foreach (Expression operand in _operands)
            {
                if (!operand.IsNullable)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Types the operands and makes the node.</summary>
    public static Expression Bind(Expression[] operands)
    {
        SqlType type = NumericTyping.Aggregate(operands);
        Expression[] converted = new Expression[operands.Length];
        for (int i = 0; i < operands.Length; i++)
            converted[i] = Operator.ConvertTo(operands[i], type);
        return new CoalesceExpression(type, converted);
    }

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        RowBatch.SavedSelection saved = input.Save();
        result.Reset(Type);
        int[] open = context.RentPositions();
        int openCount = 0;
        for (int i = 0; i < input.SelectedCount; i++)
            open[openCount++] = input.RowAt(i);
        foreach (Expression operand in _operands)
        {
            if (openCount == 0)
                break;
            input.Select(open, openCount);
            ColumnVector value = context.RentValue(operand, input);
            int left = 0;
            for (int i = 0; i < openCount; i++)
            {
                int row = open[i];
                if (value.IsNull(row))
                    open[left++] = row;
                else
                    result.CopyRow(value, row, row);
            }

            openCount = left;
            context.Return();
        }

        for (int i = 0; i < openCount; i++)
            result.SetNull(open[i]);
        context.ReturnPositions();
        input.Restore(saved);
    }
}
