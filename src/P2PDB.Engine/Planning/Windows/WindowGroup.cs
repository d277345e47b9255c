using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>The window functions of a block that share partitions and order, and so one sort.</summary>
internal sealed class WindowGroup(Expression[] partition, Expression[] order, bool[] descending)
{
    /// <summary>What is equal within a partition.</summary>
    public Expression[] Partition { get; } = partition;

    /// <summary>What a partition is ordered by.</summary>
    public Expression[] Order { get; } = order;

    /// <summary>True for each key of <see cref="Order"/> that is descending.</summary>
    public bool[] Descending { get; } = descending;

    /// <summary>The functions.</summary>
    public List<WindowCall> Calls { get; } = [];
}
