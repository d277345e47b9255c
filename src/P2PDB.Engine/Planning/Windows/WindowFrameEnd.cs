using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>One end of a frame, bound.</summary>
/// <param name="Kind">Where it lies.</param>
internal sealed record WindowFrameEnd(WindowBoundKind Kind)
{
    /// <summary>Of ROWS: how many rows away it lies, the same for all rows; else null.</summary>
    public Expression? RowCount { get; init; }

    /// <summary>Of RANGE: the value of the order's key that it lies at, over the row before windows; else null.</summary>
    public Expression? Value { get; init; }

    /// <summary>Column of the window step's input that has <see cref="Value"/>.</summary>
    public int ValueColumn { get; set; } = -1;
}
