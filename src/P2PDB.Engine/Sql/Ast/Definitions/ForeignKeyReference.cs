namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>REFERENCES table (columns) with its actions; columns may be empty (MySQL then refuses it when it binds).</summary>
internal sealed record ForeignKeyReference(ObjectName Table, string[] Columns)
{
    /// <summary>MATCH FULL, PARTIAL or SIMPLE, which has no effect; or null.</summary>
    public string? Match { get; init; }

    /// <summary>ON DELETE.</summary>
    public ReferenceAction OnDelete { get; init; }

    /// <summary>ON UPDATE.</summary>
    public ReferenceAction OnUpdate { get; init; }
}
