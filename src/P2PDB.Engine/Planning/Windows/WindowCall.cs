using P2PDB.Engine.Expressions.Windows;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>One window function of a block, bound.</summary>
/// <param name="Function">What it computes.</param>
/// <param name="Slot">Slot of the block's row that takes its value.</param>
/// <param name="Frame">Its frame.</param>
internal sealed record WindowCall(WindowFunction Function, int Slot, WindowFrameBinding Frame)
{
    /// <summary>Columns of the window step's input that have the arguments, from this one on.</summary>
    public int FirstArgument { get; set; }
}
