using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>Gives the rows of partitions their values of one function.</summary>
internal abstract class WindowState
{
    /// <summary>Bytes that it holds besides a few fixed ones. An estimate.</summary>
    public virtual long HeldLength => 0;

    /// <summary>Begins on another partition.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Writes the value of the partition's row <paramref name="row"/>; rows are asked for in order.</summary>
    public abstract void Compute(EvaluationContext context, IWindowRows rows, int row, ColumnVector result, int target);
}
