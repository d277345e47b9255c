using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Functions that choose between values.</summary>
internal static class ControlFunctions
{
    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("IF", Argument.Define(3, arguments => CaseExpression.Bind([arguments[0]], [arguments[1]], arguments[2])));
        add("IFNULL", Argument.Define(2, CoalesceExpression.Bind));
        add("COALESCE", new(1, Argument.Any, CoalesceExpression.Bind));
        add("NULLIF", Argument.Define(2, arguments => CaseExpression.Bind(
            [Operator.Compare(ComparisonOperator.Equal, arguments[0], arguments[1])],
            [new ConstantExpression(SqlValue.Null)], arguments[0])));
        add("ISNULL", Argument.Define(1, arguments => Operator.IsNull(arguments[0])));
        add("GREATEST", new(2, Argument.Any, arguments => Extreme("greatest", arguments, 1)));
        add("LEAST", new(2, Argument.Any, arguments => Extreme("least", arguments, -1)));
        add("INTERVAL", new(2, Argument.Any, Interval));
        add("NAME_CONST", Argument.Define(2, arguments => arguments[1]));
    }

    private static FunctionExpression Extreme(string name, Expression[] arguments, int sign)
    {
        SqlType type = NumericTyping.Aggregate(arguments);
        bool anyNumber = Array.Exists(arguments, argument => argument.Type.IsNumeric);
        bool anyText = Array.Exists(arguments, argument => argument.Type.IsString);
        if (anyNumber && anyText)
            type = SqlType.Double;
        Expression[] converted = Array.ConvertAll(arguments, argument => Operator.ConvertTo(argument, type));
        ComparisonForm form = type.Physical switch
        {
            PhysicalKind.Double => ComparisonForm.Double,
            PhysicalKind.Decimal => ComparisonForm.Decimal,
            PhysicalKind.Bytes => ComparisonForm.Text,
            _ => KeyEncoder.IsUnsignedKey(type) ? ComparisonForm.Unsigned : ComparisonForm.Signed,
        };
        return new FunctionExpression(name, type, converted, (_, vectors, row, result) =>
        {
            ColumnVector best = vectors[0];
            foreach (ColumnVector candidate in vectors[1..])
            {
                int order = form switch
                {
                    ComparisonForm.Double => candidate.GetDouble(row).CompareTo(best.GetDouble(row)),
                    ComparisonForm.Decimal => candidate.GetDecimal(row).CompareTo(best.GetDecimal(row)),
                    ComparisonForm.Text => type.Collation.Compare(candidate.GetBytes(row), best.GetBytes(row)),
                    _ => ComparisonTyping.Compare(form, candidate.GetInt64(row), best.GetInt64(row)),
                };
                if (order * sign > 0)
                    best = candidate;
            }

            result.CopyRow(best, row, row);
        });
    }

    private static FunctionExpression Interval(Expression[] arguments) => new("interval", SqlType.BigInt.WithLength(2),
        Argument.Reals(arguments), (_, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row))
            {
                result.SetInt64(row, -1);
                return;
            }

            int count = 0;
            for (int i = 1; i < vectors.Length && (vectors[i].IsNull(row) || vectors[i].GetDouble(row) <= vectors[0].GetDouble(row)); i++)
                count = i;
            result.SetInt64(row, count);
        }, seesNulls: true, isNullable: false);
}
