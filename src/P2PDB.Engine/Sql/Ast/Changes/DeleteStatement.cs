using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>DELETE. The single-table form has no <see cref="Targets"/> and one source; the multi-table forms name their targets.</summary>
internal sealed record DeleteStatement(TableSource[] From) : Statement
{
    /// <summary>The tables rows are deleted from (names or aliases of <see cref="From"/>); empty in the single-table form.</summary>
    public ObjectName[] Targets { get; init; } = [];

    /// <summary>WITH, or null.</summary>
    public WithClause? With { get; init; }

    /// <summary>LOW_PRIORITY.</summary>
    public bool IsLowPriority { get; init; }

    /// <summary>QUICK.</summary>
    public bool IsQuick { get; init; }

    /// <summary>IGNORE.</summary>
    public bool IsIgnore { get; init; }

    /// <summary>WHERE, or null.</summary>
    public ExpressionNode? Where { get; init; }

    /// <summary>ORDER BY; only in the single-table form.</summary>
    public OrderItem[] OrderBy { get; init; } = [];

    /// <summary>LIMIT count, or null; only in the single-table form.</summary>
    public ExpressionNode? Limit { get; init; }
}
