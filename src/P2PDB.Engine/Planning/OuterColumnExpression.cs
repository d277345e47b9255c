using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>A column of the row that a correlated subquery runs for: the same for all rows of the subquery.</summary>
internal sealed class OuterColumnExpression(OuterRow outer, int slot, SqlType type) : Expression(type)
{
    /// <summary>The row it is a column of.</summary>
    public OuterRow Outer => outer;

    /// <summary>Slot in the row.</summary>
    public int Slot => slot;

    /// <summary>The vector that has the value now, at the row's place.</summary>
    public ColumnVector Vector => outer.Batch!.Column(slot);

    /// <inheritdoc/>
    public override bool IsConstant => true;

    /// <inheritdoc/>
    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        result.Reset(Type);
        if (input.SelectedCount == 0)
            return;
        int first = input.RowAt(0);
        result.CopyRow(outer.Batch!.Column(slot), outer.Row, first);
        ConstantExpression.Spread(first, input, result);
    }
}
