using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>A value that never changes.</summary>
internal sealed class ConstantExpression : Expression
{
    private readonly SqlValue _value;
    private readonly ConstantExpression? _number;

    /// <summary>Makes a constant; <paramref name="number"/> is what a bit or hex literal counts as.</summary>
    public ConstantExpression(SqlValue value, bool isBoolean = false, ConstantExpression? number = null)
        : base(value.Type)
    {
        _value = value;
        _number = number;
        IsBoolean = isBoolean;
    }

    /// <summary>The literals TRUE and FALSE.</summary>
    public static ConstantExpression FromBoolean(bool value) =>
        new(SqlValue.FromInt64(SqlType.Boolean, value ? 1 : 0), isBoolean: true);

    public override bool IsBoolean { get; }

    public SqlValue Value => _value;

    public override bool IsNullable => _value.IsNull;

    public override Expression AsNumber => _number ?? this;

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result) =>
        Fill(_value, Type, input, result);

    public override string Describe(EvaluationContext context) => Describe(_value);

    /// <summary>A value as error texts show it.</summary>
    public static string Describe(in SqlValue value)
    {
        if (value.IsNull)
            return "NULL";
        using var text = new P2PDB.Primitives.Buffers.ByteWriter();
        ValueFormatter.Format(value, text);
        string shown = System.Text.Encoding.UTF8.GetString(text.Written);
        return value.Type.IsString ? $"'{shown}'" : shown;
    }

    /// <summary>Gives all selected rows one value.</summary>
    public static void Fill(in SqlValue value, SqlType type, RowBatch input, ColumnVector result)
    {
        result.Reset(type);
        int count = input.SelectedCount;
        if (count == 0)
            return;
        int first = input.RowAt(0);
        value.CopyTo(result, first);
        Spread(first, input, result);
    }

    /// <summary>Copies the value of the first selected row to all others.</summary>
    public static void Spread(int first, RowBatch input, ColumnVector result)
    {
        int count = input.SelectedCount;
        if (result.IsNull(first))
        {
            for (int i = 1; i < count; i++)
                result.SetNull(input.RowAt(i));
            return;
        }

        switch (result.Physical)
        {
            case PhysicalKind.Int64 when !input.HasSelection:
                result.Int64s[..count].Fill(result.GetInt64(first));
                break;
            case PhysicalKind.Double when !input.HasSelection:
                result.Doubles[..count].Fill(result.GetDouble(first));
                break;
            case PhysicalKind.Bytes:
                for (int i = 1; i < count; i++)
                    result.ShareBytes(input.RowAt(i), first);
                break;
            default:
                for (int i = 1; i < count; i++)
                    result.CopyRow(result, first, input.RowAt(i));
                break;
        }
    }
}
