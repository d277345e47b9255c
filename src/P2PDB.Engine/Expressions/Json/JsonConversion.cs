using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Json;

/// <summary>SQL values as JSON and back.</summary>
internal static class JsonConversion
{
    [ThreadStatic]
    private static ByteWriter? _scratch;

    /// <summary>The JSON of an SQL value: text becomes a string, a JSON value itself.</summary>
    public static JsonItem FromSql(EvaluationContext context, ColumnVector source, int row)
    {
        if (source.IsNull(row))
            return JsonItem.Null();
        SqlType type = source.Type;
        switch (type.Kind)
        {
            case SqlTypeKind.Json:
                return Parse(source.GetBytes(row));
            case SqlTypeKind.Date or SqlTypeKind.Time or SqlTypeKind.DateTime or SqlTypeKind.Timestamp:
                return FromTemporal(context, source, row);
            case SqlTypeKind.Enum or SqlTypeKind.Set:
                return JsonItem.FromText(Conversion.ToText(context, source, row));
            default:
                return source.Physical switch
                {
                    PhysicalKind.Int64 => JsonItem.FromInt64(source.GetInt64(row), type.IsUnsigned),
                    PhysicalKind.Double => JsonItem.FromDouble(source.GetDouble(row)),
                    PhysicalKind.Decimal => JsonItem.FromDecimal(source.GetDecimal(row)),
                    _ => JsonItem.FromText(source.GetBytes(row)),
                };
        }
    }

    /// <summary>The JSON of an SQL value that a predicate gave: true or false instead of 1 or 0.</summary>
    public static JsonItem FromSql(EvaluationContext context, Expression expression, ColumnVector source, int row) =>
        expression.IsBoolean && !source.IsNull(row)
            ? JsonItem.FromBoolean(source.GetInt64(row) != 0)
            : FromSql(context, source, row);

    /// <summary>Reads stored JSON, which was checked when it was stored.</summary>
    public static JsonItem Parse(ReadOnlySpan<byte> text) =>
        JsonParser.TryParse(text, out JsonItem item, out _, out _) ? item : JsonItem.Null();

    /// <summary>Reads a JSON argument: a JSON value, or text that is parsed; else error 3141 or 3146.</summary>
    public static JsonItem ParseArgument(ColumnVector source, int row, int argument, string function)
    {
        if (source.Physical != PhysicalKind.Bytes)
            throw SqlErrors.InvalidTypeForJson(argument, function).ToException();
        if (!JsonParser.TryParse(source.GetBytes(row), out JsonItem item, out string reason, out int position))
            throw SqlErrors.InvalidJsonTextInArgument(argument, function, reason, position).ToException();
        return item;
    }

    /// <summary>Reads a path argument; error 3143 for a bad one.</summary>
    public static JsonPath ParsePath(ColumnVector source, int row)
    {
        if (!JsonPath.TryParse(source.GetBytes(row), out JsonPath path, out int position))
            throw SqlErrors.InvalidJsonPath(position).ToException();
        return path;
    }

    /// <summary>Sets a row to the text of a JSON value.</summary>
    public static void Write(JsonItem item, ColumnVector result, int row)
    {
        ByteWriter scratch = _scratch ??= new ByteWriter();
        scratch.Clear();
        item.WriteTo(scratch);
        result.SetBytes(row, scratch.Written);
    }

    private static JsonItem FromTemporal(EvaluationContext context, ColumnVector source, int row)
    {
        // Temporals in JSON always show six fraction digits.
        Span<byte> text = stackalloc byte[32];
        int length = source.Type.Kind switch
        {
            SqlTypeKind.Date => TemporalText.FormatDate(new TemporalValue(source.GetInt64(row)), text),
            SqlTypeKind.Time => TemporalText.FormatTime(source.GetInt64(row), 6, text),
            SqlTypeKind.Timestamp => TemporalText.FormatDateTime(context.TimeZone.ToLocal(source.GetInt64(row)), 6, text),
            _ => TemporalText.FormatDateTime(new TemporalValue(source.GetInt64(row)), 6, text),
        };
        return JsonItem.FromText(text[..length]);
    }
}
