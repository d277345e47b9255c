using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>The aggregate functions by name, with MySQL's result types.</summary>
internal static class AggregateRegistry
{
    /// <summary>True when an aggregate of this name exists.</summary>
    public static bool IsAggregate(string name) => name.ToUpperInvariant() is "COUNT" or "SUM" or "AVG" or "MIN" or "MAX"
        or "BIT_AND" or "BIT_OR" or "BIT_XOR" or "STD" or "STDDEV" or "STDDEV_POP" or "STDDEV_SAMP" or "VARIANCE"
        or "VAR_POP" or "VAR_SAMP" or "GROUP_CONCAT" or "JSON_ARRAYAGG" or "JSON_OBJECTAGG";

    /// <summary>
    /// Makes an aggregate; false when no aggregate has the name. COUNT(*) has no arguments. A wrong number of arguments
    /// is error 1582.
    /// </summary>
    public static bool TryBind(string name, ReadOnlySpan<Expression> arguments, bool isDistinct, out AggregateFunction aggregate)
    {
        aggregate = null!;
        string upper = name.ToUpperInvariant();
        if (!IsAggregate(upper))
            return false;
        int expected = upper == "JSON_OBJECTAGG" ? 2 : 1;
        if (upper == "GROUP_CONCAT")
        {
            aggregate = GroupConcat(arguments, [], [], isDistinct, ","u8.ToArray());
            return true;
        }

        if (upper != "COUNT" && arguments.Length != expected)
            throw SqlErrors.WrongParameterCountToFunction(name).ToException();
        aggregate = Bind(upper, arguments.ToArray(), isDistinct);
        return true;
    }

    /// <summary>GROUP_CONCAT([DISTINCT] parts ORDER BY keys SEPARATOR text).</summary>
    public static AggregateFunction GroupConcat(ReadOnlySpan<Expression> parts, ReadOnlySpan<Expression> sortKeys,
        ReadOnlySpan<bool> descending, bool isDistinct, byte[] separator)
    {
        Expression[] all = new Expression[parts.Length + sortKeys.Length];
        bool isBinary = false;
        for (int i = 0; i < parts.Length; i++)
        {
            all[i] = ComparisonTyping.AsText(parts[i]);
            isBinary |= parts[i].Type.IsBinaryString;
        }

        sortKeys.CopyTo(all.AsSpan(parts.Length));
        bool[] directions = descending.ToArray();
        int partCount = parts.Length;
        SqlType type = isBinary ? SqlType.LongBlob : SqlType.LongText(NumericTyping.CollationOf(all.AsSpan(0, partCount)));
        return new BoundAggregate(type, all, () => new ConcatState(partCount, directions, separator),
            distinctKeyCount: isDistinct ? partCount : 0);
    }

    private static BoundAggregate Bind(string name, Expression[] arguments, bool isDistinct)
    {
        int keys = isDistinct ? arguments.Length : 0;
        switch (name)
        {
            case "COUNT":
                return new BoundAggregate(SqlType.BigInt.WithLength(21), arguments, () => new CountState(), isNullable: false, keys);
            case "SUM" or "AVG":
                return BindSum(arguments[0], name == "AVG", keys);
            case "MIN" or "MAX":
                return BindExtreme(arguments[0], isMaximum: name == "MAX");
            case "BIT_AND" or "BIT_OR" or "BIT_XOR":
                char sign = name == "BIT_AND" ? '&' : name == "BIT_OR" ? '|' : '^';
                return new BoundAggregate(SqlType.UnsignedBigInt.WithLength(21),
                    [NumericTyping.Convert(arguments[0], PhysicalKind.Int64)], () => new BitState(sign), isNullable: false, keys);
            case "JSON_ARRAYAGG" or "JSON_OBJECTAGG":
                bool isObject = name == "JSON_OBJECTAGG";
                return new BoundAggregate(SqlType.Json, arguments, () => new JsonState(isObject));
            default:
                bool isSample = name.EndsWith("SAMP", StringComparison.Ordinal);
                bool isRoot = name.StartsWith("STD", StringComparison.Ordinal);
                return new BoundAggregate(SqlType.Double, [NumericTyping.Convert(arguments[0], PhysicalKind.Double)],
                    () => new VarianceState(isSample, isRoot), distinctKeyCount: keys);
        }
    }

    private static BoundAggregate BindSum(Expression argument, bool isAverage, int keys)
    {
        argument = argument.AsNumber;
        PhysicalKind common = NumericTyping.ClassOf(argument.Type);
        Expression number = NumericTyping.Convert(argument, common);
        int precision = NumericTyping.PrecisionOf(argument.Type), scale = NumericTyping.ScaleOf(argument.Type);
        SqlType type = common == PhysicalKind.Double ? SqlType.Double
            : isAverage ? SqlType.Decimal(precision + SqlDecimal.DivisionScaleIncrement, scale + SqlDecimal.DivisionScaleIncrement)
            : SqlType.Decimal(precision + 22, scale);
        return new BoundAggregate(type, [number], () => new SumState(type, isAverage), distinctKeyCount: keys);
    }

    private static BoundAggregate BindExtreme(Expression argument, bool isMaximum)
    {
        // ENUM and SET compare as text here.
        Expression value = argument.Type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set ? ComparisonTyping.AsText(argument) : argument;
        SqlType type = value.Type;
        return new BoundAggregate(type, [value], () => new ExtremeState(type, isMaximum));
    }
}
