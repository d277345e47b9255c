using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>
/// + - * / DIV %: the operands are brought to one class (integer, decimal, double) at binding; the loops run over it.
/// Integers that leave 64 bits are error 1690; a zero divisor gives NULL and warning 1365 (an error in strict writes).
/// </summary>
internal sealed class ArithmeticExpression : Expression
{
    private readonly ArithmeticOperator _operator;
    private readonly PhysicalKind _class;
    private readonly Expression[] _operands;
    private readonly bool _leftUnsigned;
    private readonly bool _rightUnsigned;

    private ArithmeticExpression(ArithmeticOperator @operator, SqlType type, PhysicalKind @class, Expression left, Expression right)
        : base(type)
    {
        _operator = @operator;
        _class = @class;
        _operands = [left, right];
        _leftUnsigned = left.Type.IsUnsigned || left.Type.Kind is SqlTypeKind.Bit or SqlTypeKind.Year;
        _rightUnsigned = right.Type.IsUnsigned || right.Type.Kind is SqlTypeKind.Bit or SqlTypeKind.Year;
    }

    public override ReadOnlySpan<Expression> Children => _operands;

    public override bool IsNullable => _operator >= ArithmeticOperator.Divide
        || _operands[0].IsNullable || _operands[1].IsNullable;

    /// <summary>Types the operator and makes the node.</summary>
    public static Expression Bind(ArithmeticOperator @operator, Expression left, Expression right)
    {
        (left, right) = (left.AsNumber, right.AsNumber);
        PhysicalKind leftClass = NumericTyping.ClassOf(left.Type), rightClass = NumericTyping.ClassOf(right.Type);
        PhysicalKind common = leftClass == PhysicalKind.Double || rightClass == PhysicalKind.Double ? PhysicalKind.Double
            : leftClass == PhysicalKind.Decimal || rightClass == PhysicalKind.Decimal
                || @operator == ArithmeticOperator.Divide ? PhysicalKind.Decimal : PhysicalKind.Int64;
        if (@operator == ArithmeticOperator.IntegerDivide && common == PhysicalKind.Double)
            common = PhysicalKind.Decimal;
        SqlType type = common switch
        {
            PhysicalKind.Double => SqlType.Double,
            PhysicalKind.Decimal => DecimalType(@operator, left.Type, right.Type),
            _ => IntegerType(@operator, left.Type, right.Type),
        };
        return new ArithmeticExpression(@operator, type, common,
            NumericTyping.Convert(left, common), NumericTyping.Convert(right, common));
    }

    public override string Describe(EvaluationContext context)
    {
        string sign = _operator switch
        {
            ArithmeticOperator.Add => "+",
            ArithmeticOperator.Subtract => "-",
            ArithmeticOperator.Multiply => "*",
            ArithmeticOperator.Divide => "/",
            ArithmeticOperator.IntegerDivide => "DIV",
            _ => "%",
        };
        return $"({_operands[0].Describe(context)} {sign} {_operands[1].Describe(context)})";
    }

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ReadOnlySpan<ColumnVector> operands = context.RentAll(_operands, input);
        result.Reset(Type);
        ColumnVector left = operands[0], right = operands[1];
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (left.IsNull(row) || right.IsNull(row))
                result.SetNull(row);
            else if (_class == PhysicalKind.Int64)
                EvaluateInteger(context, left.GetInt64(row), right.GetInt64(row), result, row);
            else if (_class == PhysicalKind.Double)
                EvaluateDouble(context, left.GetDouble(row), right.GetDouble(row), result, row);
            else
                EvaluateDecimal(context, left.GetDecimal(row), right.GetDecimal(row), result, row);
        }

        context.Return(2);
    }

    private static SqlType IntegerType(ArithmeticOperator @operator, SqlType left, SqlType right)
    {
        static bool IsUnsigned(SqlType type) => type.IsUnsigned || type.Kind is SqlTypeKind.Bit or SqlTypeKind.Year;
        bool isUnsigned = @operator == ArithmeticOperator.Modulo ? IsUnsigned(left) : IsUnsigned(left) || IsUnsigned(right);
        int digits = @operator switch
        {
            ArithmeticOperator.Multiply => NumericTyping.PrecisionOf(left) + NumericTyping.PrecisionOf(right),
            ArithmeticOperator.Add or ArithmeticOperator.Subtract =>
                Math.Max(NumericTyping.PrecisionOf(left), NumericTyping.PrecisionOf(right)) + 1,
            _ => NumericTyping.PrecisionOf(left),
        };
        return new SqlType(SqlTypeKind.BigInt, Math.Min(digits + 1, 21), isUnsigned: isUnsigned);
    }

    private static SqlType DecimalType(ArithmeticOperator @operator, SqlType left, SqlType right)
    {
        int leftScale = NumericTyping.ScaleOf(left), rightScale = NumericTyping.ScaleOf(right);
        int leftDigits = NumericTyping.PrecisionOf(left), rightDigits = NumericTyping.PrecisionOf(right);
        bool isUnsigned = left.IsUnsigned && right.IsUnsigned;
        switch (@operator)
        {
            case ArithmeticOperator.Add or ArithmeticOperator.Subtract:
                int scale = Math.Max(leftScale, rightScale);
                return SqlType.Decimal(Math.Max(leftDigits - leftScale, rightDigits - rightScale) + 1 + scale, scale, isUnsigned);
            case ArithmeticOperator.Multiply:
                return SqlType.Decimal(leftDigits + rightDigits, Math.Min(leftScale + rightScale, SqlDecimal.ScaleMax), isUnsigned);
            case ArithmeticOperator.Divide:
                int quotientScale = Math.Min(leftScale + SqlDecimal.DivisionScaleIncrement, SqlDecimal.ScaleMax);
                return SqlType.Decimal(leftDigits + rightScale + SqlDecimal.DivisionScaleIncrement, quotientScale, isUnsigned);
            case ArithmeticOperator.IntegerDivide:
                return new SqlType(SqlTypeKind.BigInt, 21, isUnsigned: left.IsUnsigned || right.IsUnsigned);
            default:
                return SqlType.Decimal(Math.Max(leftDigits, rightDigits), Math.Max(leftScale, rightScale), left.IsUnsigned);
        }
    }

    private void EvaluateInteger(EvaluationContext context, long left, long right, ColumnVector result, int row)
    {
        if (_operator >= ArithmeticOperator.Divide && right == 0)
        {
            DivideByZero(context, result, row);
            return;
        }

        if (!_leftUnsigned && !_rightUnsigned)
        {
            EvaluateSigned(context, left, right, result, row);
            return;
        }

        Int128 a = _leftUnsigned ? unchecked((ulong)left) : left;
        Int128 b = _rightUnsigned ? unchecked((ulong)right) : right;
        Int128 value = _operator switch
        {
            ArithmeticOperator.Add => a + b,
            ArithmeticOperator.Subtract => a - b,
            ArithmeticOperator.Multiply => a * b,
            ArithmeticOperator.IntegerDivide => a / b,
            _ => a % b,
        };
        bool isSignedResult = !Type.IsUnsigned
            || (_operator == ArithmeticOperator.Subtract && (context.Mode & SqlMode.NoUnsignedSubtraction) != 0);
        if (isSignedResult ? value < long.MinValue || value > long.MaxValue : value < 0 || value > ulong.MaxValue)
            throw OutOfRange(context, isSignedResult ? "BIGINT" : "BIGINT UNSIGNED");
        result.SetInt64(row, isSignedResult ? (long)value : unchecked((long)(ulong)value));
    }

    private void EvaluateSigned(EvaluationContext context, long left, long right, ColumnVector result, int row)
    {
        long value;
        bool overflows;
        unchecked
        {
            switch (_operator)
            {
                case ArithmeticOperator.Add:
                    value = left + right;
                    overflows = ((left ^ value) & (right ^ value)) < 0;
                    break;
                case ArithmeticOperator.Subtract:
                    value = left - right;
                    overflows = ((left ^ right) & (left ^ value)) < 0;
                    break;
                case ArithmeticOperator.Multiply:
                    long high = Math.BigMul(left, right, out value);
                    overflows = high != value >> 63;
                    break;
                case ArithmeticOperator.IntegerDivide:
                    overflows = left == long.MinValue && right == -1;
                    value = overflows ? 0 : left / right;
                    break;
                default:
                    overflows = false;
                    value = right == -1 ? 0 : left % right;
                    break;
            }
        }

        if (overflows)
            throw OutOfRange(context, "BIGINT");
        result.SetInt64(row, value);
    }

    private void EvaluateDouble(EvaluationContext context, double left, double right, ColumnVector result, int row)
    {
        if (_operator >= ArithmeticOperator.Divide && right == 0)
        {
            DivideByZero(context, result, row);
            return;
        }

        double value = _operator switch
        {
            ArithmeticOperator.Add => left + right,
            ArithmeticOperator.Subtract => left - right,
            ArithmeticOperator.Multiply => left * right,
            ArithmeticOperator.Divide => left / right,
            _ => left % right,
        };
        if (!double.IsFinite(value))
            throw OutOfRange(context, "DOUBLE");
        result.SetDouble(row, value);
    }

    private void EvaluateDecimal(EvaluationContext context, in SqlDecimal left, in SqlDecimal right, ColumnVector result, int row)
    {
        if (_operator >= ArithmeticOperator.Divide && right.IsZero)
        {
            DivideByZero(context, result, row);
            return;
        }

        SqlDecimal value;
        bool fits = _operator switch
        {
            ArithmeticOperator.Add => SqlDecimal.TryAdd(left, right, out value),
            ArithmeticOperator.Subtract => SqlDecimal.TrySubtract(left, right, out value),
            ArithmeticOperator.Multiply => SqlDecimal.TryMultiply(left, right, out value),
            ArithmeticOperator.Divide => SqlDecimal.TryDivide(left, right, context.DivisionScaleIncrement, out value),
            ArithmeticOperator.IntegerDivide => SqlDecimal.TryDivideToScale(left, right, 0, out value),
            _ => SqlDecimal.TryModulo(left, right, out value),
        };
        if (!fits)
            throw OutOfRange(context, "DECIMAL");
        if (_operator != ArithmeticOperator.IntegerDivide)
        {
            result.SetDecimal(row, value);
            return;
        }

        long integer;
        bool isInRange;
        if (Type.IsUnsigned)
        {
            isInRange = value.TryToUInt64(out ulong unsigned);
            integer = unchecked((long)unsigned);
        }
        else
        {
            isInRange = value.TryToInt64(out integer);
        }

        if (!isInRange)
            throw OutOfRange(context, Type.IsUnsigned ? "BIGINT UNSIGNED" : "BIGINT");
        result.SetInt64(row, integer);
    }

    private static void DivideByZero(EvaluationContext context, ColumnVector result, int row)
    {
        if ((context.Mode & SqlMode.ErrorForDivisionByZero) != 0)
            context.WarnOrFail(SqlErrors.DivisionByZero());
        result.SetNull(row);
    }

    private SqlException OutOfRange(EvaluationContext context, string type) =>
        SqlErrors.ValueOutOfRange(type, Describe(context)).ToException();
}
