namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>ANALYZE, CHECK, CHECKSUM, OPTIMIZE or REPAIR TABLE.</summary>
internal sealed record TableMaintenanceStatement(TableMaintenance Verb, ObjectName[] Tables) : Statement
{
    /// <summary>The option words, upper case: QUICK, EXTENDED, FOR UPGRADE, FAST, MEDIUM, CHANGED, USE_FRM, LOCAL.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>ANALYZE … UPDATE or DROP HISTOGRAM, or null.</summary>
    public HistogramChange? Histogram { get; init; }
}
