using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>The rows of one partition, in order, as one window function sees them. Execution has them; tests may have their own.</summary>
internal interface IWindowRows
{
    /// <summary>Rows of the partition.</summary>
    public int Count { get; }

    /// <summary>The first row of those equal in the order with this one.</summary>
    public int PeerStart(int row);

    /// <summary>The row after the last one of those.</summary>
    public int PeerEnd(int row);

    /// <summary>How many different values of the order come before this row's.</summary>
    public int PeerNumber(int row);

    /// <summary>The frame of a row: from its first row on, before <paramref name="end"/>; empty where that is not above the start.</summary>
    public int FrameStart(int row, out int end);

    /// <summary>The vector that has an argument of a row, and the row's place in it.</summary>
    public ColumnVector Argument(int index, int row, out int place);

    /// <summary>Rows from <paramref name="first"/> on that lie in one batch, all of them before <paramref name="end"/> selected; how many they are.</summary>
    public int Select(int first, int end, out RowBatch batch, out ReadOnlySpan<ColumnVector> arguments);

    /// <summary>Ends the statement when somebody killed it, or when it holds more than it may.</summary>
    public void ThrowIfStopped();
}
