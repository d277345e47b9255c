using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>
/// The running values of an aggregate, one per group. Groups are numbered from 0 as they appear; a new group starts
/// empty. Reusable: <see cref="Reset"/> forgets all groups.
/// </summary>
internal abstract class AggregateState
{
    /// <summary>Forgets all groups.</summary>
    public abstract void Reset();

    /// <summary>Bytes that groups hold besides a few fixed ones each: texts, lists, what DISTINCT has seen. An estimate.</summary>
    public virtual long HeldLength => 0;

    /// <summary>Makes room for groups 0 … count - 1, new ones empty.</summary>
    public abstract void EnsureGroups(int count);

    /// <summary>
    /// Takes in the selected rows of a batch. <paramref name="arguments"/> are the argument expressions' values and
    /// <paramref name="groups"/> the group numbers, both by row position.
    /// </summary>
    public abstract void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments,
        ReadOnlySpan<int> groups);

    /// <summary>Writes a group's value to a row of the result, a vector of the aggregate's type.</summary>
    public abstract void Finish(EvaluationContext context, int group, ColumnVector result, int row);

    /// <summary>True when an argument of the row is NULL.</summary>
    protected static bool AnyNull(ReadOnlySpan<ColumnVector> arguments, int row)
    {
        foreach (ColumnVector argument in arguments)
        {
            if (argument.IsNull(row))
                return true;
        }

        return false;
    }
}
