using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>
/// INSERT or REPLACE. Exactly one of <see cref="Rows"/> and <see cref="Query"/> is set; the SET form is one row with its columns named.
/// </summary>
internal sealed record InsertStatement(ObjectName Table) : Statement
{
    /// <summary>REPLACE instead of INSERT.</summary>
    public bool IsReplace { get; init; }

    /// <summary>IGNORE.</summary>
    public bool IsIgnore { get; init; }

    /// <summary>The priority word.</summary>
    public WritePriority Priority { get; init; }

    /// <summary>PARTITION (names); empty where there is none.</summary>
    public string[] Partitions { get; init; } = [];

    /// <summary>The column list (each may carry a table qualifier); null where none was written, which is not the same as ().</summary>
    public ColumnNode[]? Columns { get; init; }

    /// <summary>VALUES rows, or null; a row may be empty. Bare DEFAULT is a <see cref="DefaultNode"/> without column.</summary>
    public ExpressionNode[][]? Rows { get; init; }

    /// <summary>INSERT … SELECT, or null.</summary>
    public Query? Query { get; init; }

    /// <summary>AS alias of the new row, or null.</summary>
    public string? RowAlias { get; init; }

    /// <summary>Column names behind the row alias; empty where there are none.</summary>
    public string[] RowAliasColumns { get; init; } = [];

    /// <summary>ON DUPLICATE KEY UPDATE; empty where there is none.</summary>
    public Assignment[] OnDuplicateKey { get; init; } = [];
}
