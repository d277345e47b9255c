using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>One end of a frame, bound.</summary>
/// <param name="Kind">Where it lies.</param>
internal sealed record WindowFrameEnd(WindowBoundKind Kind)
{
    /// <summary>Of ROWS: how many rows away it lies, the same for all rows; else null.</summary>
    public Expression? RowCount { get; init; }

    /// <summary>Of RANGE: the value of the order's key that it lies at, over the row before windows; else null.</summary>
    public Expression? Value { get; init; }

    /// <summary>Of RANGE: how far from the row's key it lies, as a number, the same for all rows; else null.</summary>
    public Expression? Distance { get; init; }

    /// <summary>Column of the window step's input that has <see cref="Value"/>.</summary>
    public int ValueColumn { get; set; } = -1;

    /// <summary>True for a <see cref="Distance"/> at which nothing lies.</summary>
    public static bool IsNegativeOrNull(EvaluationContext evaluation, Expression distance)
    {
        SqlValue value = evaluation.EvaluateConstant(distance);
        return value.IsNull || value.Double < 0;
    }
}
