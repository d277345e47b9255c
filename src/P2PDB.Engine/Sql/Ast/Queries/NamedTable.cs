namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>A table, view or common table expression.</summary>
internal sealed record NamedTable(ObjectName Name, string? Alias) : TableSource
{
    /// <summary>PARTITION (names); empty where there is none.</summary>
    public string[] Partitions { get; init; } = [];

    /// <summary>USE, FORCE and IGNORE INDEX; empty where there is none.</summary>
    public IndexHint[] Hints { get; init; } = [];
}
