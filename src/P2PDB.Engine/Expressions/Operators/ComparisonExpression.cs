using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>= &lt;&gt; &lt; &lt;= &gt; &gt;= &lt;=&gt; over operands brought to one form at binding.</summary>
internal sealed class ComparisonExpression : Expression
{
    // Which orders (bit 0 below, bit 1 equal, bit 2 above) make the operator true.
    private readonly int _truth;
    private readonly ComparisonOperator _operator;
    private readonly ComparisonForm _form;
    private readonly Collation _collation;
    private readonly Expression[] _operands;

    public ComparisonExpression(ComparisonOperator @operator, Expression left, Expression right)
        : base(SqlType.Boolean)
    {
        _operator = @operator;
        _truth = @operator switch
        {
            ComparisonOperator.Equal or ComparisonOperator.NullSafeEqual => 2,
            ComparisonOperator.NotEqual => 5,
            ComparisonOperator.Less => 1,
            ComparisonOperator.LessOrEqual => 3,
            ComparisonOperator.Greater => 4,
            _ => 6,
        };
        _form = ComparisonTyping.Align(ref left, ref right, out _collation);
        _operands = [left, right];
    }

    public ComparisonOperator Operator => _operator;

    public override bool IsBoolean => true;

    public override ReadOnlySpan<Expression> Children => _operands;

    public override bool IsNullable =>
        _operator != ComparisonOperator.NullSafeEqual && (_operands[0].IsNullable || _operands[1].IsNullable);

    public override string Describe(EvaluationContext context)
    {
        string sign = _operator switch
        {
            ComparisonOperator.Equal => "=",
            ComparisonOperator.NotEqual => "<>",
            ComparisonOperator.Less => "<",
            ComparisonOperator.LessOrEqual => "<=",
            ComparisonOperator.Greater => ">",
            ComparisonOperator.GreaterOrEqual => ">=",
            _ => "<=>",
        };
        return $"({_operands[0].Describe(context)} {sign} {_operands[1].Describe(context)})";
    }

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ReadOnlySpan<ColumnVector> operands = context.RentAll(_operands, input);
        result.Reset(Type);
        ColumnVector left = operands[0], right = operands[1];
        if (_form == ComparisonForm.Signed && !input.HasSelection && !left.HasNulls && !right.HasNulls)
            CompareSigned(left.Int64s, right.Int64s, result.Int64s, input.RowCount, _truth);
        else
            CompareRows(input, left, right, result);
        context.Return(2);
    }

    private static void CompareSigned(ReadOnlySpan<long> left, ReadOnlySpan<long> right, Span<long> result, int count, int truth)
    {
        for (int i = 0; i < count; i++)
        {
            int order = 1 + (left[i] > right[i] ? 1 : 0) - (left[i] < right[i] ? 1 : 0);
            result[i] = (truth >> order) & 1;
        }
    }

    private void CompareRows(RowBatch input, ColumnVector left, ColumnVector right, ColumnVector result)
    {
        bool isEquality = _truth is 2 or 5 && _form == ComparisonForm.Text;
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            bool leftNull = left.IsNull(row), rightNull = right.IsNull(row);
            if (leftNull || rightNull)
            {
                if (_operator == ComparisonOperator.NullSafeEqual)
                    result.SetBoolean(row, leftNull && rightNull);
                else
                    result.SetNull(row);
            }
            else if (isEquality)
            {
                result.SetBoolean(row, _collation.Equals(left.GetBytes(row), right.GetBytes(row)) == (_truth == 2));
            }
            else
            {
                int order = Math.Sign(ComparisonTyping.Compare(_form, _collation, left, right, row)) + 1;
                result.SetInt64(row, (_truth >> order) & 1);
            }
        }
    }
}
