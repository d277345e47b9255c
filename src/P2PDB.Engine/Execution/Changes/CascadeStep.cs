using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>One change of a chain that foreign keys carry on: what a row's change did to the rows that reference it.</summary>
/// <param name="Above">The change it follows; null for that of the statement itself.</param>
/// <param name="Table">The table of the changed row.</param>
/// <param name="IsUpdate">True where the row was changed, false where it was removed.</param>
internal sealed record CascadeStep(CascadeStep? Above, TableId Table, bool IsUpdate)
{
    /// <summary>Steps that a chain may have below the statement's own change: InnoDB's limit.</summary>
    public const int DepthMax = 15;

    /// <summary>Steps above this one.</summary>
    public int Depth { get; } = Above is null ? 0 : Above.Depth + 1;

    /// <summary>True where this step or one above it changes rows of a table: InnoDB changes none of them a second time.</summary>
    public bool Updates(TableId table)
    {
        for (CascadeStep? step = this; step is not null; step = step.Above)
        {
            if (step.IsUpdate && step.Table == table)
                return true;
        }

        return false;
    }
}
