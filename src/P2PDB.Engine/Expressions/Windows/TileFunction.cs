using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>NTILE(n): the partition in n parts that differ by one row at most, larger ones first.</summary>
internal sealed class TileFunction(Expression count)
    : WindowFunction(SqlType.UnsignedBigInt.WithLength(21), [Functions.Argument.Integer(count)], isNullable: false)
{
    public override WindowState CreateState() => new State();

    private sealed class State : WindowState
    {
        public override void Compute(EvaluationContext context, IWindowRows rows, int row, ColumnVector result, int target)
        {
            ColumnVector counts = rows.Argument(0, row, out int place);
            long count = counts.IsNull(place) ? 0 : counts.GetInt64(place);
            if (count <= 0)
                throw SqlErrors.WrongArguments("ntile").ToException();
            long small = rows.Count / count, largeCount = rows.Count % count;
            long largeRows = largeCount * (small + 1);
            result.SetInt64(target, row < largeRows ? (row / (small + 1)) + 1 : largeCount + ((row - largeRows) / small) + 1);
        }
    }
}
