using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>A frame, bound.</summary>
/// <param name="IsOfRows">True for ROWS, false for RANGE.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends.</param>
internal sealed record WindowFrameBinding(bool IsOfRows, WindowFrameEnd Start, WindowFrameEnd End)
{
    /// <summary>The window's name, for error texts.</summary>
    public required string WindowName { get; init; }

    /// <summary>Of RANGE with distances: the order's key as its ends compare with it; else null.</summary>
    public Expression? Key { get; init; }

    /// <summary>Column of the window step's input that has <see cref="Key"/>.</summary>
    public int KeyColumn { get; set; } = -1;

    /// <summary>True where the key's order is descending.</summary>
    public bool IsDescending { get; init; }
}
