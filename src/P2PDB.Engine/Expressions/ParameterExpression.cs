using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// A literal lifted out of the statement's text, or a `?`: its value is set per execution in
/// <see cref="EvaluationContext.Parameters"/>. A value of another type than the one planned for is converted.
/// </summary>
internal sealed class ParameterExpression(int index, SqlType type) : Expression(type)
{
    public int Index { get; } = index;

    public override bool IsConstant => true;

    public override string Describe(EvaluationContext context) =>
        ConstantExpression.Describe(context.Parameters[Index]);

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        SqlValue value = context.Parameters[Index];
        if (value.IsNull || value.Type.Kind == Type.Kind
            || (value.Type.Physical == Type.Physical && !Type.IsTemporal && !value.Type.IsTemporal))
        {
            ConstantExpression.Fill(value, Type, input, result);
            return;
        }

        result.Reset(Type);
        if (input.SelectedCount == 0)
            return;
        int first = input.RowAt(0);
        ColumnVector given = context.Rent(value.Type);
        value.CopyTo(given, first);
        Conversion.Convert(context, given, first, result, first);
        context.Return();
        ConstantExpression.Spread(first, input, result);
    }
}
