using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>CREATE TABLE with elements, AS query, or both.</summary>
internal sealed record CreateTableStatement(ObjectName Name, TableElement[] Elements) : Statement
{
    /// <summary>TEMPORARY.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The table options in order; later ones win.</summary>
    public TableOption[] Options { get; init; } = [];

    /// <summary>PARTITION BY, or null.</summary>
    public Partitioning? Partitioning { get; init; }

    /// <summary>The query that fills the table, or null.</summary>
    public Query? Query { get; init; }

    /// <summary>IGNORE before the query.</summary>
    public bool IsIgnore { get; init; }

    /// <summary>REPLACE before the query.</summary>
    public bool IsReplace { get; init; }
}
