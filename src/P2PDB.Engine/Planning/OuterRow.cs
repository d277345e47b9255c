using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// The row of an enclosing query block that a correlated subquery runs for at this moment. Whoever evaluates the subquery
/// points it at the row first; expressions inside read from it. One per query block and plan.
/// </summary>
internal sealed class OuterRow
{
    /// <summary>The batch that holds the row, or null before the first evaluation.</summary>
    public RowBatch? Batch { get; private set; }

    /// <summary>Position of the row in the batch.</summary>
    public int Row { get; private set; }

    /// <summary>Rises with every move, so that what was computed for an earlier row is known to be stale.</summary>
    public long Version { get; private set; }

    /// <summary>Points at another row.</summary>
    public void MoveTo(RowBatch batch, int row)
    {
        Batch = batch;
        Row = row;
        Version++;
    }
}
