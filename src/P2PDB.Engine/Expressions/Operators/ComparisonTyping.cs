using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>In which form two operands compare.</summary>
internal enum ComparisonForm : byte
{
    Signed,
    Unsigned,
    LeftUnsigned,
    RightUnsigned,
    Double,
    Decimal,
    Text,
    Json,
}

/// <summary>Brings two operands to a form in which they compare, by MySQL's rules for mixed types.</summary>
internal static class ComparisonTyping
{
    /// <summary>The form, and the operands converted to it; text compares under the collation.</summary>
    public static ComparisonForm Align(ref Expression left, ref Expression right, out Collation collation)
    {
        SqlType a = left.Type, b = right.Type;
        collation = Collation.Binary;
        if (a.Kind == SqlTypeKind.Null || b.Kind == SqlTypeKind.Null)
        {
            left = AsText(left);
            right = AsText(right);
            return ComparisonForm.Text;
        }

        if (a.Kind == SqlTypeKind.Json || b.Kind == SqlTypeKind.Json)
            return ComparisonForm.Json;
        if (a.IsTemporal || b.IsTemporal)
        {
            ComparisonForm? form = AlignTemporals(ref left, ref right);
            if (form is { } temporal)
                return temporal;
        }

        if (IsTextual(a) && IsTextual(b))
        {
            collation = NumericTyping.CollationOf([left, right]);
            left = AsText(left);
            right = AsText(right);
            return ComparisonForm.Text;
        }

        return AlignNumbers(ref left, ref right);
    }

    /// <summary>True for strings, ENUM and SET: what compares as text with text.</summary>
    public static bool IsTextual(SqlType type) => type.IsString || type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set;

    /// <summary>The operand as text.</summary>
    public static Expression AsText(Expression operand) => operand.Type.Physical == PhysicalKind.Bytes
        ? operand
        : CastExpression.Implicit(operand, SqlType.VarChar(NumericTyping.TextLengthOf(operand.Type),
            operand.Type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set ? operand.Type.Collation : Collation.Default));

    /// <summary>Compares two integers of a form: below, equal, above zero.</summary>
    public static int Compare(ComparisonForm form, long left, long right)
    {
        switch (form)
        {
            case ComparisonForm.Unsigned:
                return unchecked((ulong)left).CompareTo(unchecked((ulong)right));
            case ComparisonForm.LeftUnsigned:
                return left < 0 || right < 0 ? 1 : left.CompareTo(right);
            case ComparisonForm.RightUnsigned:
                return left < 0 || right < 0 ? -1 : left.CompareTo(right);
            default:
                return left.CompareTo(right);
        }
    }

    /// <summary>Compares a row of two aligned vectors that are not NULL.</summary>
    public static int Compare(ComparisonForm form, Collation collation, ColumnVector left, ColumnVector right, int row) =>
        form switch
        {
            ComparisonForm.Double => left.GetDouble(row).CompareTo(right.GetDouble(row)),
            ComparisonForm.Decimal => left.GetDecimal(row).CompareTo(right.GetDecimal(row)),
            ComparisonForm.Text => collation.Compare(left.GetBytes(row), right.GetBytes(row)),
            ComparisonForm.Json => Json.JsonComparison.Compare(left, right, row),
            _ => Compare(form, left.GetInt64(row), right.GetInt64(row)),
        };

    private static ComparisonForm? AlignTemporals(ref Expression left, ref Expression right)
    {
        SqlType a = left.Type, b = right.Type;
        if (a.IsTemporal && b.IsTemporal)
        {
            if (a.Kind == b.Kind)
                return ComparisonForm.Signed;
            left = AsDateTime(left);
            right = AsDateTime(right);
            return ComparisonForm.Signed;
        }

        ref Expression temporal = ref a.IsTemporal ? ref left : ref right;
        ref Expression other = ref a.IsTemporal ? ref right : ref left;
        bool isConvertible = other.Type.IsString || (other.IsConstant && other.Type.IsNumeric && temporal.Type.HasDate);
        if (!isConvertible)
            return null;
        if (temporal.Type.Kind == SqlTypeKind.Time)
        {
            other = new CastExpression(other, SqlType.Time(6));
            return ComparisonForm.Signed;
        }

        temporal = AsDateTime(temporal);
        other = new TemporalOperandExpression(other, a.IsTemporal ? a : b);
        return ComparisonForm.Signed;
    }

    private static Expression AsDateTime(Expression operand) =>
        operand.Type.Kind is SqlTypeKind.Date or SqlTypeKind.DateTime
            ? operand
            : new CastExpression(operand, SqlType.DateTime(6));

    private static ComparisonForm AlignNumbers(ref Expression left, ref Expression right)
    {
        (left, right) = (left.AsNumber, right.AsNumber);
        PhysicalKind a = NumericTyping.ClassOf(left.Type), b = NumericTyping.ClassOf(right.Type);

        // ENUM and SET against numbers are their numbers.
        if (left.Type.Physical == PhysicalKind.Int64 && right.Type.Physical == PhysicalKind.Int64
            && !left.Type.IsTemporal && !right.Type.IsTemporal)
        {
            a = b = PhysicalKind.Int64;
        }

        PhysicalKind common = a == PhysicalKind.Double || b == PhysicalKind.Double ? PhysicalKind.Double
            : a == PhysicalKind.Decimal || b == PhysicalKind.Decimal ? PhysicalKind.Decimal : PhysicalKind.Int64;
        bool leftUnsigned = KeyEncoder.IsUnsignedKey(left.Type), rightUnsigned = KeyEncoder.IsUnsignedKey(right.Type);
        left = NumericTyping.Convert(left, common);
        right = NumericTyping.Convert(right, common);
        return common switch
        {
            PhysicalKind.Double => ComparisonForm.Double,
            PhysicalKind.Decimal => ComparisonForm.Decimal,
            _ when leftUnsigned && rightUnsigned => ComparisonForm.Unsigned,
            _ when leftUnsigned => ComparisonForm.LeftUnsigned,
            _ when rightUnsigned => ComparisonForm.RightUnsigned,
            _ => ComparisonForm.Signed,
        };
    }
}
