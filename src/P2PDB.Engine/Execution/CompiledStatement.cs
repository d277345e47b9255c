using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>A statement planned for one session, with its operators: run as often as its tables stay what they are.</summary>
internal abstract class CompiledStatement
{
    /// <summary>A scan of more rows takes longer than making a plan.</summary>
    private const double KeptScanRowCountMax = 5_000;

    private const double KeptGrowthMax = 2;

    /// <summary>Columns of its result set; empty where it gives none.</summary>
    public virtual ResultColumn[] Columns => [];

    /// <summary>True where it may change rows.</summary>
    public virtual bool ChangesRows => true;

    /// <summary>Runs it.</summary>
    public abstract StatementResult Execute(StatementContext context, ResultSink sink);

    /// <summary>Under what its executions count.</summary>
    public StatusCounter? Counter { get; set; }

    /// <summary>Types of the parameters it was planned for.</summary>
    public SqlType[] ParameterTypes { get; set; } = [];

    /// <summary>The rights that it was checked under, whatever the session's became meanwhile; null where nothing was asked.</summary>
    public Rights? Rights { get; set; }

    /// <summary>The scans that its plan has.</summary>
    public PlannedScan[] Scans { get; set; } = [];

    /// <summary>
    /// True while planning anew would not be worth its time: no scan reads so many rows that a plan for the values at hand might save
    /// more, and no table that is read whole has grown.
    /// </summary>
    public bool IsWorthKeeping(StatementContext context)
    {
        foreach (PlannedScan scan in Scans)
        {
            if (scan.Rows > KeptScanRowCountMax)
                return false;
            if (scan.IsWhole && context.NewestView().Snapshot.EstimateCount(scan.Table.RowTree) > (scan.Rows + 100) * KeptGrowthMax)
                return false;
        }

        return true;
    }
}
