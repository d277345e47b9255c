using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>Makes the nodes of operators; the binder's entrance for everything that is no function call.</summary>
internal static class Operator
{
    /// <summary>A constant.</summary>
    public static Expression Constant(in SqlValue value) => new ConstantExpression(value);

    /// <summary>+ - * / DIV %.</summary>
    public static Expression Arithmetic(ArithmeticOperator @operator, Expression left, Expression right) =>
        ArithmeticExpression.Bind(@operator, left, right);

    /// <summary>The comparisons.</summary>
    public static Expression Compare(ComparisonOperator @operator, Expression left, Expression right) =>
        new ComparisonExpression(@operator, left, right);

    /// <summary>AND.</summary>
    public static Expression And(Expression left, Expression right) => new LogicalExpression(isAnd: true, left.AsNumber, right.AsNumber);

    /// <summary>OR.</summary>
    public static Expression Or(Expression left, Expression right) => new LogicalExpression(isAnd: false, left.AsNumber, right.AsNumber);

    /// <summary>XOR.</summary>
    public static Expression Xor(Expression left, Expression right) => new FunctionExpression("xor", SqlType.Boolean,
        [left.AsNumber, right.AsNumber], (context, arguments, row, result) => result.SetBoolean(row,
            Conversion.IsTrue(context, arguments[0], row) != Conversion.IsTrue(context, arguments[1], row)));

    /// <summary>NOT.</summary>
    public static Expression Not(Expression operand) => new FunctionExpression("not", SqlType.Boolean, [operand.AsNumber],
        (context, arguments, row, result) => result.SetBoolean(row, !Conversion.IsTrue(context, arguments[0], row)),
        isNullable: operand.IsNullable);

    /// <summary>IS [NOT] NULL.</summary>
    public static Expression IsNull(Expression operand, bool isNegated = false) => new FunctionExpression("isnull",
        SqlType.Boolean, [operand], (_, arguments, row, result) =>
            result.SetBoolean(row, arguments[0].IsNull(row) != isNegated), seesNulls: true, isNullable: false);

    /// <summary>IS [NOT] TRUE, IS [NOT] FALSE.</summary>
    public static Expression IsTruth(Expression operand, bool truth, bool isNegated) => new FunctionExpression("istrue",
        SqlType.Boolean, [operand.AsNumber], (context, arguments, row, result) =>
        {
            bool matches = !arguments[0].IsNull(row) && Conversion.IsTrue(context, arguments[0], row) == truth;
            result.SetBoolean(row, matches != isNegated);
        }, seesNulls: true, isNullable: false);

    /// <summary>-operand.</summary>
    public static Expression Negate(Expression operand)
    {
        operand = operand.AsNumber;
        PhysicalKind common = NumericTyping.ClassOf(operand.Type);
        Expression number = NumericTyping.Convert(operand, common);
        SqlType type = common switch
        {
            PhysicalKind.Double => SqlType.Double,
            PhysicalKind.Decimal => SqlType.Decimal(NumericTyping.PrecisionOf(operand.Type), NumericTyping.ScaleOf(operand.Type)),
            _ => SqlType.BigInt.WithLength(operand.Type.Length + 1),
        };
        bool isUnsigned = operand.Type.IsUnsigned;
        return new FunctionExpression("-", type, [number], (context, arguments, row, result) =>
            NegateRow(arguments[0], isUnsigned, row, result), isNullable: operand.IsNullable);
    }

    /// <summary>operand [NOT] BETWEEN low AND high.</summary>
    public static Expression Between(Expression operand, Expression low, Expression high, bool isNegated)
    {
        Expression between = And(Compare(ComparisonOperator.GreaterOrEqual, operand, low),
            Compare(ComparisonOperator.LessOrEqual, operand, high));
        return isNegated ? Not(between) : between;
    }

    /// <summary>operand [NOT] IN (list).</summary>
    public static Expression In(Expression operand, ReadOnlySpan<Expression> list, bool isNegated) =>
        new InListExpression(operand, list.ToArray(), isNegated);

    /// <summary>text [NOT] LIKE pattern [ESCAPE escape].</summary>
    public static Expression Like(Expression text, Expression pattern, Expression? escape, bool isNegated) =>
        new LikeExpression(text, pattern, escape, isNegated);

    /// <summary>text [NOT] REGEXP pattern.</summary>
    public static Expression Regexp(Expression text, Expression pattern, bool isNegated)
    {
        FunctionRegistry.TryBind("REGEXP_LIKE", [text, pattern], out Expression match);
        return isNegated ? Not(match) : match;
    }

    /// <summary>CASE WHEN … END; the binder writes CASE x WHEN y as comparisons.</summary>
    public static Expression Case(ReadOnlySpan<Expression> conditions, ReadOnlySpan<Expression> values, Expression? otherwise) =>
        CaseExpression.Bind(conditions, values, otherwise);

    /// <summary>text COLLATE name.</summary>
    public static Expression Collate(Expression operand, Collation collation) => new CollateExpression(operand, collation);

    /// <summary>CAST(operand AS type), CONVERT(operand, type), BINARY operand, CONVERT(operand USING charset).</summary>
    public static Expression Cast(Expression operand, SqlType type) => type.Kind == SqlTypeKind.Json
        ? new Json.JsonCastExpression(operand)
        : new CastExpression(type.IsNumeric ? operand.AsNumber : operand, type, isExplicit: true);

    /// <summary>The bit operators | &amp; ^ &lt;&lt; &gt;&gt; over unsigned 64-bit integers.</summary>
    public static Expression Bitwise(char @operator, Expression left, Expression right)
    {
        Expression a = NumericTyping.Convert(left, PhysicalKind.Int64), b = NumericTyping.Convert(right, PhysicalKind.Int64);
        return new FunctionExpression(@operator.ToString(), SqlType.UnsignedBigInt, [a, b], (_, arguments, row, result) =>
        {
            long x = arguments[0].GetInt64(row), y = arguments[1].GetInt64(row);
            bool isFar = y is < 0 or > 63;
            result.SetInt64(row, @operator switch
            {
                '|' => x | y,
                '&' => x & y,
                '^' => x ^ y,
                '<' => isFar ? 0 : x << (int)y,
                _ => isFar ? 0 : x >>> (int)y,
            });
        });
    }

    /// <summary>~operand.</summary>
    public static Expression BitwiseNot(Expression operand) => new FunctionExpression("~", SqlType.UnsignedBigInt,
        [NumericTyping.Convert(operand, PhysicalKind.Int64)],
        (_, arguments, row, result) => result.SetInt64(row, ~arguments[0].GetInt64(row)));

    /// <summary>The operand as a value of a type, without a node where it is one already.</summary>
    public static Expression ConvertTo(Expression operand, SqlType type)
    {
        if (type.Kind == SqlTypeKind.Json && operand.Type.Kind != SqlTypeKind.Json)
            return new Json.JsonCastExpression(operand);
        bool isSameKind = operand.Type.Physical == type.Physical
            && (type.Physical != PhysicalKind.Int64 || (operand.Type.Kind == type.Kind && Equals(operand.Type.Members, type.Members)));
        return isSameKind ? operand : CastExpression.Implicit(operand, type);
    }

    private static void NegateRow(ColumnVector operand, bool isUnsigned, int row, ColumnVector result)
    {
        switch (operand.Physical)
        {
            case PhysicalKind.Double:
                result.SetDouble(row, -operand.GetDouble(row));
                break;
            case PhysicalKind.Decimal:
                result.SetDecimal(row, operand.GetDecimal(row).Negate());
                break;
            default:
                long value = operand.GetInt64(row);
                if (isUnsigned ? unchecked((ulong)value) > 1UL << 63 : value == long.MinValue)
                {
                    throw SqlErrors.ValueOutOfRange("BIGINT", isUnsigned
                        ? $"-({unchecked((ulong)value)})" : $"-({value})").ToException();
                }

                result.SetInt64(row, unchecked(-value));
                break;
        }
    }
}
