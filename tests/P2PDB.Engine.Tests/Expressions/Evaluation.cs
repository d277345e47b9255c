using System.Text;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Expressions;

/// <summary>Evaluates one expression over one row and shows its text.</summary>
internal static class Evaluation
{
    public static EvaluationContext NewContext() => new(new TestSession())
    {
        StatementTimeMicroseconds = new TemporalValue(2024, 2, 29, 12, 34, 56, 789_012).UnixMicroseconds,
    };

    /// <summary>Literal of a test: int, double, string; "d:" decimal, "x:" hexadecimal bytes, "j:" JSON, "t:" datetime.</summary>
    public static Expression Literal(object? value)
    {
        switch (value)
        {
            case null:
                return new ConstantExpression(SqlValue.Null);
            case int number:
                return new ConstantExpression(SqlValue.FromInt64(new SqlType(SqlTypeKind.BigInt,
                    number.ToString(System.Globalization.CultureInfo.InvariantCulture).Length), number));
            case long number:
                return new ConstantExpression(SqlValue.FromInt64(number));
            case double number:
                return new ConstantExpression(SqlValue.FromDouble(number));
            case string text when text.StartsWith("d:", StringComparison.Ordinal):
                Assert.Equal(DecimalParseStatus.Parsed, SqlDecimal.TryParse(Encoding.ASCII.GetBytes(text[2..]), out SqlDecimal exact, out _));
                return new ConstantExpression(SqlValue.FromDecimal(exact));
            case string text when text.StartsWith("x:", StringComparison.Ordinal):
                byte[] bytes = Convert.FromHexString(text[2..]);
                return new ConstantExpression(SqlValue.FromBytes(SqlType.VarBinary(bytes.Length), bytes));
            default:
                return new ConstantExpression(SqlValue.FromText((string)value));
        }
    }

    public static string? Show(Expression expression, EvaluationContext? context = null)
    {
        context ??= NewContext();
        SqlValue value = context.EvaluateConstant(expression);
        if (value.IsNull)
            return null;
        using var text = new ByteWriter();
        ValueFormatter.Format(value, text, context.TimeZone);
        return Encoding.UTF8.GetString(text.Written);
    }

    public static string? Call(string name, params object?[] arguments)
    {
        Expression[] bound = [.. arguments.Select(Literal)];
        Assert.True(FunctionRegistry.TryBind(name, bound, out Expression call));
        return Show(call);
    }
}
