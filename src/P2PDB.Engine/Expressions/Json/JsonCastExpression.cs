using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Json;

/// <summary>CAST(… AS JSON): text is parsed (error 3141 when it is no JSON), other values become scalars.</summary>
internal sealed class JsonCastExpression(Expression operand) : Expression(SqlType.Json)
{
    private readonly Expression[] _children = [operand];

    public override ReadOnlySpan<Expression> Children => _children;

    public override bool IsNullable => operand.IsNullable;

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ColumnVector source = context.RentValue(operand, input);
        result.Reset(Type);
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (source.IsNull(row))
                result.SetNull(row);
            else if (source.Type.IsString)
                JsonConversion.Write(JsonConversion.ParseArgument(source, row, 1, "cast_as_json"), result, row);
            else
                JsonConversion.Write(JsonConversion.FromSql(context, operand, source, row), result, row);
        }

        context.Return();
    }
}
