namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>UPDATE HISTOGRAM ON columns [WITH n BUCKETS] [AUTO | MANUAL UPDATE] [USING DATA 'json'] or DROP HISTOGRAM ON columns.</summary>
internal sealed record HistogramChange(bool IsDrop, string[] Columns, ulong? Buckets)
{
    /// <summary>True for AUTO UPDATE, false for MANUAL UPDATE, null for neither.</summary>
    public bool? IsAutomatic { get; init; }

    /// <summary>USING DATA, or null.</summary>
    public byte[]? Data { get; init; }
}
