using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>
/// A string or number that is compared with a date: read as DATETIME. A constant that is no date is error 1525, as in
/// MySQL; a value from a row gives a warning and NULL.
/// </summary>
internal sealed class TemporalOperandExpression(Expression operand, SqlType partner) : Expression(SqlType.DateTime(6))
{
    private readonly Expression[] _children = [operand];

    public override ReadOnlySpan<Expression> Children => _children;

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ColumnVector source = context.RentValue(operand, input);
        result.Reset(Type);
        TemporalRules rules = operand.IsConstant ? TemporalRules.Fuzzy : TemporalText.FlagsOf(context.Mode);
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (source.IsNull(row))
                result.SetNull(row);
            else if (operand.IsConstant && source.Physical == PhysicalKind.Bytes)
                ReadConstant(context, source, row, result);
            else if (Conversion.TryGetDateTime(context, source, row, rules, out TemporalValue value))
                result.SetInt64(row, value.Packed);
            else
                result.SetNull(row);
        }

        context.Return();
    }

    private void ReadConstant(EvaluationContext context, ColumnVector source, int row, ColumnVector result)
    {
        ReadOnlySpan<byte> text = source.GetBytes(row);
        TemporalStatus status = TemporalText.ParseDateTime(text, TemporalRules.Fuzzy, context.TimeZone, out TemporalValue value);
        if (status == TemporalStatus.Invalid)
        {
            string type = partner.Kind switch
            {
                SqlTypeKind.Date => "DATE",
                SqlTypeKind.Timestamp => "TIMESTAMP",
                _ => "DATETIME",
            };
            throw SqlErrors.WrongValue(type, System.Text.Encoding.UTF8.GetString(text)).ToException();
        }

        if (status == TemporalStatus.Truncated)
            context.Warn(SqlErrors.TruncatedWrongValue("datetime", System.Text.Encoding.UTF8.GetString(text)));
        result.SetInt64(row, value.Packed);
    }
}
