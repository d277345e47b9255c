using System.Text;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Literals as typed constants, or as parameters where the statement is planned by its fingerprint.</summary>
internal static class LiteralBinder
{
    /// <summary>Binds a literal.</summary>
    public static Expression Bind(ExpressionNode node, BindingContext context)
    {
        SqlValue value = ValueOf(node, context);
        return SlotOf(node, context) is var slot && slot >= 0
            ? new ParameterExpression(slot, TypeOfSlot(value.Type))
            : new ConstantExpression(value, number: node is BinaryLiteral { CharacterSet: null } n ? NumberOf(n) : null);
    }

    /// <summary>
    /// A negative number for a literal behind a minus sign, so that its type has no room to spare and the value is known while
    /// planning; else null.
    /// </summary>
    public static Expression? Negate(ExpressionNode node, BindingContext context) => node switch
    {
        IntegerLiteral or DecimalLiteral or FloatLiteral when SlotOf(node, context) >= 0 => null,
        IntegerLiteral { Value: <= long.MaxValue } n => new ConstantExpression(
            SqlValue.FromInt64(SqlType.BigInt.WithLength(Math.Max(1, n.DigitCount) + 1), -(long)n.Value)),
        DecimalLiteral n => new ConstantExpression(Decimal("-" + n.Digits)),
        FloatLiteral n => new ConstantExpression(SqlValue.FromDouble(-n.Value)),
        _ => null,
    };

    private static int SlotOf(ExpressionNode node, BindingContext context) =>
        context.LiftedLiteral is { } lifted && node.Position >= 0 ? lifted(node.Position) : -1;

    /// <summary>The type that serves all values of a slot: how long a number or text is must not shape the plan.</summary>
    private static SqlType TypeOfSlot(SqlType type) => type.Kind switch
    {
        SqlTypeKind.BigInt => type.IsUnsigned ? SqlType.UnsignedBigInt : SqlType.BigInt,
        SqlTypeKind.VarChar or SqlTypeKind.VarBinary => type.WithLength(byte.MaxValue),
        _ => type,
    };

    private static SqlValue ValueOf(ExpressionNode node, BindingContext context) => node switch
    {
        IntegerLiteral n => Integer(n),
        DecimalLiteral n => Decimal(n.Digits),
        FloatLiteral n => SqlValue.FromDouble(n.Value),
        BooleanLiteral n => SqlValue.FromInt64(SqlType.Boolean, n.Value ? 1 : 0),
        StringLiteral n => Text(n, context),
        BinaryLiteral n => SqlValue.FromBytes(
            n.CharacterSet is null ? SqlType.VarBinary(n.Value.Length) : TextType(n.CharacterSet, n.Value, context), n.Value),
        TemporalLiteral n => Temporal(n, context),
        _ => SqlValue.Null,
    };

    private static SqlValue Integer(IntegerLiteral literal)
    {
        bool isUnsigned = literal.Value > long.MaxValue;
        var type = new SqlType(SqlTypeKind.BigInt, Math.Max(1, literal.DigitCount), isUnsigned: isUnsigned);
        return SqlValue.FromInt64(type, (long)literal.Value);
    }

    // As an unsigned integer; what has more than 64 significant bits counts as the greatest.
    private static ConstantExpression NumberOf(BinaryLiteral literal)
    {
        ReadOnlySpan<byte> bytes = literal.Value.AsSpan().TrimStart((byte)0);
        ulong number = bytes.Length > sizeof(ulong) ? ulong.MaxValue : 0;
        foreach (byte part in bytes.Length > sizeof(ulong) ? default : bytes)
            number = (number << 8) | part;
        return new ConstantExpression(SqlValue.FromUInt64(number));
    }

    private static SqlValue Decimal(string digits)
    {
        byte[] text = Encoding.ASCII.GetBytes(digits);
        SqlDecimal.TryParse(text, out SqlDecimal value, out _);
        return SqlValue.FromDecimal(value);
    }

    private static SqlValue Text(StringLiteral literal, BindingContext context) =>
        SqlValue.FromBytes(TextType(literal.CharacterSet, literal.Value, context), literal.Value);

    private static SqlType TextType(string? charset, byte[] value, BindingContext context)
    {
        Collation collation = charset is null
            ? context.LiteralCollation
            : TypeBinder.CollationOf(charset.TrimStart('_'), null, context.LiteralCollation);
        return collation.IsBinary
            ? SqlType.VarBinary(value.Length)
            : SqlType.VarChar(CharacterCount(value), collation);
    }

    private static long CharacterCount(byte[] utf8)
    {
        long count = 0;
        foreach (byte value in utf8)
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }

    private static SqlValue Temporal(TemporalLiteral literal, BindingContext context)
    {
        string text = Encoding.UTF8.GetString(literal.Text);
        int point = text.LastIndexOf('.');
        int digits = point < 0 ? 0 : Math.Min(6, text.Length - point - 1);
        (string name, SqlType type) = literal.Kind switch
        {
            TemporalLiteralKind.Date => ("DATE", SqlType.Date),
            TemporalLiteralKind.Time => ("TIME", SqlType.Time(digits)),
            _ => ("DATETIME", SqlType.DateTime(digits)),
        };
        EvaluationContext evaluation = context.Evaluation;
        int before = evaluation.Diagnostics.TotalCount;
        SqlValue source = SqlValue.FromBytes(SqlType.VarChar(text.Length), literal.Text);
        SqlValue value = evaluation.EvaluateConstant(new CastExpression(new ConstantExpression(source), type));
        if (value.IsNull || evaluation.Diagnostics.TotalCount != before)
            throw SqlErrors.WrongValue(name, text).ToException();
        return value;
    }
}
