using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK and CUME_DIST: places in the order.</summary>
internal sealed class RankFunction(RankKind kind) : WindowFunction(TypeOf(kind), [], isNullable: false)
{
    public override WindowState CreateState() => new State(kind);

    private static SqlType TypeOf(RankKind kind) =>
        kind is RankKind.Percent or RankKind.Cumulative ? SqlType.Double : SqlType.UnsignedBigInt.WithLength(21);

    private sealed class State(RankKind kind) : WindowState
    {
        public override void Compute(EvaluationContext context, IWindowRows rows, int row, ColumnVector result, int target)
        {
            switch (kind)
            {
                case RankKind.Number:
                    result.SetInt64(target, row + 1L);
                    break;
                case RankKind.Rank:
                    result.SetInt64(target, rows.PeerStart(row) + 1L);
                    break;
                case RankKind.Dense:
                    result.SetInt64(target, rows.PeerNumber(row) + 1L);
                    break;
                case RankKind.Percent:
                    result.SetDouble(target, rows.Count == 1 ? 0 : rows.PeerStart(row) / (double)(rows.Count - 1));
                    break;
                default:
                    result.SetDouble(target, rows.PeerEnd(row) / (double)rows.Count);
                    break;
            }
        }
    }
}
