using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// Turns its operand into another type. An implicit conversion only changes the form; CAST(… AS type) also cuts text
/// to its length and fits decimals into their digits, with warnings.
/// </summary>
internal sealed class CastExpression(Expression operand, SqlType type, bool isExplicit = false) : Expression(type)
{
    private readonly Expression[] _children = [operand];

    public override ReadOnlySpan<Expression> Children => _children;

    public override bool IsNullable => operand.IsNullable || Type.IsTemporal;

    /// <summary>The operand itself where it has the type already, else a conversion of it.</summary>
    public static Expression Implicit(Expression operand, SqlType type)
    {
        SqlType from = operand.Type;
        bool isSame = from.Physical == type.Physical
            && (type.Physical switch
            {
                PhysicalKind.Int64 => from.IsTemporal == type.IsTemporal && from.Kind != SqlTypeKind.Enum
                    && from.Kind != SqlTypeKind.Set
                    && (!type.IsTemporal || from.Kind == type.Kind
                        || (from.Kind == SqlTypeKind.Date && type.Kind == SqlTypeKind.DateTime)),
                _ => true,
            });
        return isSame ? operand : new CastExpression(operand, type);
    }

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ColumnVector source = context.RentValue(operand, input);
        result.Reset(Type);
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            Conversion.Convert(context, source, row, result, row);
            if (isExplicit && !result.IsNull(row))
                Fit(context, source, result, row);
        }

        context.Return();
    }

    private void Fit(EvaluationContext context, ColumnVector source, ColumnVector result, int row)
    {
        switch (Type.Kind)
        {
            case SqlTypeKind.Decimal:
                FitDecimal(context, result, row);
                break;
            case SqlTypeKind.BigInt when source.Physical == PhysicalKind.Decimal || source.Physical == PhysicalKind.Double:
                break;
            case SqlTypeKind.Json when source.Type.Kind != SqlTypeKind.Json:
                break;
            case SqlTypeKind.Binary or SqlTypeKind.Char or SqlTypeKind.VarChar or SqlTypeKind.VarBinary:
                FitText(context, result, row);
                break;
            default:
                break;
        }
    }

    private void FitDecimal(EvaluationContext context, ColumnVector result, int row)
    {
        SqlDecimal value = result.GetDecimal(row);
        if (!value.TryFitTo(Type.Precision, Type.Scale, out SqlDecimal fitted))
        {
            context.WarnOrFail(SqlErrors.OutOfRangeColumn($"cast as decimal({Type.Precision},{Type.Scale})", context.RowNumber));
            fitted = SqlDecimal.MaxOf(Type.Precision, Type.Scale);
            fitted = value.IsNegative ? fitted.Negate() : fitted;
        }

        result.SetDecimal(row, fitted);
    }

    private void FitText(EvaluationContext context, ColumnVector result, int row)
    {
        ReadOnlySpan<byte> text = result.GetBytes(row);
        int kept = Type.IsText ? Utf8.OffsetOf(text, Type.Length) : (int)Math.Min(text.Length, Type.Length);
        if (kept < text.Length)
        {
            string shown = System.Text.Encoding.UTF8.GetString(text);
            context.WarnOrFail(SqlErrors.TruncatedWrongValue($"{(Type.IsText ? "CHAR" : "BINARY")}({Type.Length})", shown));
            result.TrimBytes(row, kept);
        }
        else if (Type.Kind == SqlTypeKind.Binary && text.Length < Type.Length && Type.Length <= context.PacketLengthMax)
        {
            byte[] padded = new byte[Type.Length];
            text.CopyTo(padded);
            result.SetBytes(row, padded);
        }
    }
}
