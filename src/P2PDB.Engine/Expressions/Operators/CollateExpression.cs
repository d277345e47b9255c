using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>text COLLATE name: the same text under another collation, which wins over that of other operands.</summary>
internal sealed class CollateExpression(Expression operand, Collation collation)
    : Expression(operand.Type.IsString ? operand.Type.WithCollation(collation) : SqlType.VarChar(64, collation))
{
    private readonly Expression[] _children = [CastExpression.Implicit(operand,
        operand.Type.IsString ? operand.Type : SqlType.VarChar(64, collation))];

    public override ReadOnlySpan<Expression> Children => _children;

    public override bool IsNullable => operand.IsNullable;

    public override string Describe(EvaluationContext context) => operand.Describe(context);

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ColumnVector source = context.RentValue(_children[0], input);
        result.Reset(Type);
        result.CopySelected(source, input);
        context.Return();
    }
}
