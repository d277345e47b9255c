using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>The types that numbers and mixtures of types become, by MySQL's rules.</summary>
internal static class NumericTyping
{
    /// <summary>How an operand counts in arithmetic: integer, decimal or double.</summary>
    public static PhysicalKind ClassOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Null => PhysicalKind.Int64,
        SqlTypeKind.Enum or SqlTypeKind.Set => PhysicalKind.Double,
        SqlTypeKind.Time or SqlTypeKind.DateTime or SqlTypeKind.Timestamp when type.Scale > 0 => PhysicalKind.Decimal,
        _ when type.Physical == PhysicalKind.Bytes => PhysicalKind.Double,
        _ => type.Physical,
    };

    /// <summary>Digits of a number of the type, as DECIMAL counts them.</summary>
    public static int PrecisionOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Decimal => type.Precision,
        SqlTypeKind.TinyInt => 3,
        SqlTypeKind.SmallInt => 5,
        SqlTypeKind.MediumInt => 8,
        SqlTypeKind.Int => 10,
        SqlTypeKind.BigInt => (int)Math.Clamp(type.Length, 1, type.IsUnsigned ? 20 : 19),
        SqlTypeKind.Year => 4,
        SqlTypeKind.Date => 8,
        SqlTypeKind.Time => 7 + type.Scale,
        SqlTypeKind.DateTime or SqlTypeKind.Timestamp => 14 + type.Scale,
        SqlTypeKind.Null => 1,
        _ => 20,
    };

    /// <summary>Digits after the point of a number of the type.</summary>
    public static int ScaleOf(SqlType type) =>
        type.Kind == SqlTypeKind.Decimal || type.IsTemporal ? type.Scale : 0;

    /// <summary>DECIMAL wide enough for a type's numbers.</summary>
    public static SqlType AsDecimal(SqlType type) =>
        SqlType.Decimal(PrecisionOf(type), ScaleOf(type), type.IsUnsigned);

    /// <summary>The operand in a numeric class.</summary>
    public static Expression Convert(Expression operand, PhysicalKind to)
    {
        operand = operand.AsNumber;
        return to switch
        {
            PhysicalKind.Int64 when operand.Type.Physical == PhysicalKind.Int64 && !operand.Type.IsTemporal => operand,
            PhysicalKind.Int64 => new CastExpression(operand, operand.Type.IsUnsigned ? SqlType.UnsignedBigInt : SqlType.BigInt),
            PhysicalKind.Decimal => CastExpression.Implicit(operand, AsDecimal(operand.Type)),
            _ => CastExpression.Implicit(operand, SqlType.Double),
        };
    }

    /// <summary>Characters that values of a type take as text.</summary>
    public static long TextLengthOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Null => 0,
        SqlTypeKind.Decimal => type.Precision + (type.Scale > 0 ? 2 : 1),
        SqlTypeKind.TinyInt => 4,
        SqlTypeKind.SmallInt => 6,
        SqlTypeKind.MediumInt => 9,
        SqlTypeKind.Int => 11,
        SqlTypeKind.Enum or SqlTypeKind.Set => type.Members is null ? 0 : SumOfMembers(type.Members),
        _ => type.Length,
    };

    /// <summary>The collation that a mixture of strings compares and sorts by; binary wins, then the first text.</summary>
    public static Collation CollationOf(ReadOnlySpan<Expression> operands)
    {
        Collation? found = null;
        bool anyText = false;
        foreach (Expression operand in operands)
        {
            if (operand.Type.IsBinaryString)
                return Collation.Binary;
            if (!operand.Type.IsText && operand.Type.Kind is not (SqlTypeKind.Enum or SqlTypeKind.Set))
                continue;
            anyText = true;
            Collation own = operand.Type.Collation;
            bool isStronger = found is null || (IsConstantLike(found) && !operand.IsConstant)
                || operand is CollateExpression;
            if (isStronger)
                found = own;
        }

        return anyText ? found! : Collation.Default;

        static bool IsConstantLike(Collation collation) => ReferenceEquals(collation, Collation.Default);
    }

    /// <summary>The one type of several alternatives: of CASE, IF, COALESCE, UNION, GREATEST.</summary>
    public static SqlType Aggregate(ReadOnlySpan<Expression> operands)
    {
        SqlType result = SqlType.Null;
        bool isFirst = true;
        foreach (Expression operand in operands)
        {
            if (operand.Type.Kind == SqlTypeKind.Null)
                continue;
            result = isFirst ? operand.Type : Merge(result, operand.Type);
            isFirst = false;
        }

        return result.IsString && !result.IsBinaryString ? result.WithCollation(CollationOf(operands)) : result;
    }

    /// <summary>The type that holds the values of two types.</summary>
    public static SqlType Merge(SqlType first, SqlType second)
    {
        if (first.Kind == SqlTypeKind.Null)
            return second;
        if (second.Kind == SqlTypeKind.Null || first == second)
            return first;
        if (first.IsTemporal && second.IsTemporal)
            return MergeTemporals(first, second);
        if (first.Kind == SqlTypeKind.Json && second.Kind == SqlTypeKind.Json)
            return first;
        if (IsNumber(first) && IsNumber(second))
            return MergeNumbers(first, second);
        long length = Math.Max(TextLengthOf(first), TextLengthOf(second));
        bool isBinary = first.IsBinaryString || second.IsBinaryString;
        if (isBinary)
            return first.IsLong || second.IsLong ? SqlType.LongBlob.WithLength(length) : SqlType.VarBinary(length);
        Collation collation = first.IsText ? first.Collation : second.IsText ? second.Collation : Collation.Default;
        bool isLong = first.IsLong || second.IsLong || first.Kind == SqlTypeKind.Json || second.Kind == SqlTypeKind.Json;
        return isLong ? SqlType.LongText(collation).WithLength(length) : SqlType.VarChar(length, collation);
    }

    private static bool IsNumber(SqlType type) => type.IsNumeric;

    private static SqlType MergeNumbers(SqlType first, SqlType second)
    {
        if (first.Physical == PhysicalKind.Double || second.Physical == PhysicalKind.Double)
        {
            return first.Kind == SqlTypeKind.Float && second.Kind == SqlTypeKind.Float ? first : SqlType.Double;
        }

        bool isMixedBig = first.IsUnsigned != second.IsUnsigned
            && (first.Kind == SqlTypeKind.BigInt || second.Kind == SqlTypeKind.BigInt)
            && ((first.IsUnsigned && first.Kind == SqlTypeKind.BigInt) || (second.IsUnsigned && second.Kind == SqlTypeKind.BigInt));
        if (first.Physical == PhysicalKind.Int64 && second.Physical == PhysicalKind.Int64 && !isMixedBig)
        {
            SqlTypeKind kind = (SqlTypeKind)Math.Max((byte)first.Kind, (byte)second.Kind);
            if (kind > SqlTypeKind.BigInt || first.IsUnsigned != second.IsUnsigned)
                kind = SqlTypeKind.BigInt;
            return new SqlType(kind, Math.Max(first.Length, second.Length), isUnsigned: first.IsUnsigned && second.IsUnsigned);
        }

        int scale = Math.Max(ScaleOf(first), ScaleOf(second));
        int digits = Math.Max(PrecisionOf(first) - ScaleOf(first), PrecisionOf(second) - ScaleOf(second));
        return SqlType.Decimal(digits + scale, scale, first.IsUnsigned && second.IsUnsigned);
    }

    private static SqlType MergeTemporals(SqlType first, SqlType second)
    {
        int scale = Math.Max(first.Scale, second.Scale);
        if (first.Kind != second.Kind)
            return SqlType.DateTime(scale);
        return first.Scale >= second.Scale ? first : second;
    }

    private static long SumOfMembers(MemberList members)
    {
        long sum = members.Count;
        for (int i = 0; i < members.Count; i++)
            sum += members[i].Length;
        return sum;
    }
}
