using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>A column of the input, by its ordinal in the batch.</summary>
internal sealed class ColumnExpression(int ordinal, SqlType type, bool isNullable = true, string? name = null)
    : Expression(type)
{
    public int Ordinal { get; } = ordinal;

    public override bool IsConstant => false;

    public override bool IsNullable { get; } = isNullable;

    /// <summary>The name, for error texts.</summary>
    public string? Name { get; } = name;

    public override string Describe(EvaluationContext context) => Name ?? "?";

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ColumnVector source = input.Column(Ordinal);
        result.Reset(Type);
        if (!input.HasSelection && source.Physical == result.Physical && result.Physical != PhysicalKind.Bytes)
        {
            int count = input.RowCount;
            switch (result.Physical)
            {
                case PhysicalKind.Int64: source.Int64s[..count].CopyTo(result.Int64s); break;
                case PhysicalKind.Double: source.Doubles[..count].CopyTo(result.Doubles); break;
                default: source.Decimals[..count].CopyTo(result.Decimals); break;
            }

            result.MergeNulls(source);
            return;
        }

        result.CopySelected(source, input);
    }
}
