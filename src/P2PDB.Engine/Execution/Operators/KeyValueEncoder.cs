using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Finds the place of a value among a column's keys as comparison would: the number 5.5 lies above the integer 5, the text
/// '7' is the number 7. What it cannot place it reports as such, and the scan then leaves the decision to its filter.
/// </summary>
internal static class KeyValueEncoder
{
    /// <summary>Appends the key of a value for a column; bytes are appended only for Exact and JustAbove.</summary>
    public static KeyFit Append(EvaluationContext context, ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        if (value.IsNull(row))
            return KeyFit.Null;
        if (column.IsInteger || column.Kind is SqlTypeKind.Bit or SqlTypeKind.Year)
            return AppendInteger(context, target, column, value, row);
        switch (column.Kind)
        {
            case SqlTypeKind.Decimal:
                return AppendDecimal(target, column, value, row);
            case SqlTypeKind.Float or SqlTypeKind.Double:
                return AppendDouble(target, column, value, row);
            case SqlTypeKind.Enum:
                return AppendEnum(target, column, value, row);
            default:
                break;
        }

        if (column.IsString)
            return AppendString(target, column, value, row);
        return column.IsTemporal ? AppendTemporal(context, target, column, value, row) : KeyFit.Unknown;
    }

    private static KeyFit AppendInteger(
        EvaluationContext context, ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        bool isUnsigned = column.IsUnsigned || !column.IsInteger;
        switch (value.Physical)
        {
            case PhysicalKind.Int64 when value.Type.IsNumeric:
                long number = value.GetInt64(row);
                bool isValueUnsigned = value.Type.IsUnsigned || !value.Type.IsInteger;
                if (number < 0 && isUnsigned != isValueUnsigned)
                    return isUnsigned ? KeyFit.BelowAll : KeyFit.AboveAll;
                KeyEncoder.AppendInt64(target, number, isUnsigned);
                return KeyFit.Exact;
            case PhysicalKind.Decimal:
                return AppendRounded(target, value.GetDecimal(row), isUnsigned);
            case PhysicalKind.Double:
                return AppendRounded(target, value.GetDouble(row), isUnsigned);
            case PhysicalKind.Bytes when value.Type.IsString:
                ColumnVector number64 = context.Rent(SqlType.Double);
                Conversion.Convert(context, value, row, number64, row);
                double parsed = number64.GetDouble(row);
                context.Return();
                return AppendRounded(target, parsed, isUnsigned);
            default:
                return KeyFit.Unknown;
        }
    }

    private static KeyFit AppendRounded(ByteWriter target, in SqlDecimal value, bool isUnsigned)
    {
        SqlDecimal floor = value.Floor();
        long bits;
        if (isUnsigned)
        {
            if (!floor.TryToUInt64(out ulong unsigned))
                return value.IsNegative ? KeyFit.BelowAll : KeyFit.AboveAll;
            bits = (long)unsigned;
        }
        else if (!floor.TryToInt64(out bits))
        {
            return value.IsNegative ? KeyFit.BelowAll : KeyFit.AboveAll;
        }

        KeyEncoder.AppendInt64(target, bits, isUnsigned);
        return floor.CompareTo(value) == 0 ? KeyFit.Exact : KeyFit.JustAbove;
    }

    private static KeyFit AppendRounded(ByteWriter target, double value, bool isUnsigned)
    {
        // Past 2^53 a double stands for several integers, all of which equal it.
        if (Math.Abs(value) >= 9007199254740992.0)
            return KeyFit.Unknown;
        double floor = Math.Floor(value);
        if (isUnsigned && floor < 0)
            return KeyFit.BelowAll;
        KeyEncoder.AppendInt64(target, (long)floor, isUnsigned);
        return floor == value ? KeyFit.Exact : KeyFit.JustAbove;
    }

    private static KeyFit AppendDecimal(ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        SqlDecimal number;
        if (value.Physical == PhysicalKind.Decimal)
            number = value.GetDecimal(row);
        else if (value.Physical == PhysicalKind.Int64 && value.Type.IsInteger)
            number = value.Type.IsUnsigned ? SqlDecimal.FromUInt64((ulong)value.GetInt64(row)) : new SqlDecimal(value.GetInt64(row));
        else
            return KeyFit.Unknown;

        if (!number.TryFitTo(column.Precision, column.Scale, out SqlDecimal fitted) || fitted.CompareTo(number) != 0)
            return KeyFit.Unknown;
        KeyEncoder.AppendDecimal(target, fitted, column.Precision, column.Scale);
        return KeyFit.Exact;
    }

    private static KeyFit AppendDouble(ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        double number;
        switch (value.Physical)
        {
            case PhysicalKind.Double:
                number = value.GetDouble(row);
                break;
            case PhysicalKind.Int64 when value.Type.IsInteger:
                number = value.Type.IsUnsigned ? (ulong)value.GetInt64(row) : value.GetInt64(row);
                break;
            case PhysicalKind.Decimal:
                number = value.GetDecimal(row).ToDouble();
                break;
            default:
                return KeyFit.Unknown;
        }

        if (column.Kind == SqlTypeKind.Float && (float)number != number)
            return KeyFit.Unknown;
        KeyEncoder.AppendDouble(target, number);
        return KeyFit.Exact;
    }

    private static KeyFit AppendString(ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        if (!value.Type.IsString)
            return KeyFit.Unknown;
        KeyEncoder.AppendString(target, value.GetBytes(row), column.Collation);
        return KeyFit.Exact;
    }

    private static KeyFit AppendEnum(ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        // Only equality follows from the member's number; its order is the order of definition, not of the text.
        if (!value.Type.IsString || column.Members is null)
            return KeyFit.Unknown;
        int index = column.Members.IndexOf(value.GetBytes(row), column.Collation);
        if (index < 0)
            return KeyFit.Unknown;
        KeyEncoder.AppendInt64(target, index + 1, isUnsigned: true);
        return KeyFit.Exact;
    }

    private static KeyFit AppendTemporal(
        EvaluationContext context, ByteWriter target, SqlType column, ColumnVector value, int row)
    {
        bool hasSameForm = value.Type.Kind == column.Kind
            || (value.Type.Kind == SqlTypeKind.Date && column.Kind == SqlTypeKind.DateTime);
        if (hasSameForm)
        {
            KeyEncoder.AppendInt64(target, value.GetInt64(row), isUnsigned: false);
            return KeyFit.Exact;
        }

        if (!value.Type.IsString && !(value.Type.HasDate && column.HasDate))
            return KeyFit.Unknown;

        // Through DATETIME with microseconds, so that nothing is rounded on the way.
        SqlType through = column.Kind == SqlTypeKind.Time ? SqlType.Time(6) : SqlType.DateTime(6);
        ColumnVector exact = context.Rent(through);
        ColumnVector own = context.Rent(column);
        int before = context.Diagnostics.TotalCount;
        Conversion.Convert(context, value, row, exact, row);
        KeyFit fit = KeyFit.Unknown;
        if (!exact.IsNull(row) && context.Diagnostics.TotalCount == before)
        {
            Conversion.Convert(context, exact, row, own, row);
            if (!own.IsNull(row))
            {
                long key = own.GetInt64(row);
                Conversion.Convert(context, own, row, exact, row);
                bool isExact = true;
                if (column.Kind == SqlTypeKind.Date)
                {
                    ColumnVector again = context.Rent(through);
                    Conversion.Convert(context, value, row, again, row);
                    isExact = again.GetInt64(row) == exact.GetInt64(row);
                    context.Return();
                }

                if (isExact)
                {
                    KeyEncoder.AppendInt64(target, key, isUnsigned: false);
                    fit = KeyFit.Exact;
                }
            }
        }

        context.Return(2);
        return fit;
    }
}
