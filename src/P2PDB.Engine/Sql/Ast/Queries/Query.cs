namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>A whole query expression: body, and what applies to its result. Also the content of every subquery.</summary>
internal sealed record Query(WithClause? With, QueryBody Body)
{
    /// <summary>ORDER BY of the whole result; empty where there is none.</summary>
    public OrderItem[] OrderBy { get; init; } = [];

    /// <summary>LIMIT and OFFSET, or null.</summary>
    public LimitClause? Limit { get; init; }

    /// <summary>FOR UPDATE, FOR SHARE; empty where there is none.</summary>
    public LockingClause[] Locking { get; init; } = [];

    /// <summary>INTO, which only a top-level query (or one in a routine) may have.</summary>
    public IntoClause? Into { get; init; }
}
