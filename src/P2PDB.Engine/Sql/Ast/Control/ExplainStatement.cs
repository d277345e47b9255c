namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>EXPLAIN [ANALYZE] [FORMAT = f] [INTO @v] [FOR SCHEMA s] statement, or FOR CONNECTION id.</summary>
/// <param name="Target">The statement explained; null for FOR CONNECTION.</param>
internal sealed record ExplainStatement(Statement? Target) : Statement
{
    /// <summary>ANALYZE: run it and show what happened.</summary>
    public bool IsAnalyze { get; init; }

    /// <summary>TRADITIONAL, JSON or TREE, upper case; or null. EXTENDED and PARTITIONS are taken and forgotten.</summary>
    public string? Format { get; init; }

    /// <summary>INTO @variable, or null.</summary>
    public string? IntoVariable { get; init; }

    /// <summary>FOR SCHEMA, or null.</summary>
    public string? Schema { get; init; }

    /// <summary>FOR CONNECTION, or null.</summary>
    public ulong? Connection { get; init; }
}
