using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>UPDATE of one table or (more than one source, or a join) of several.</summary>
internal sealed record UpdateStatement(TableSource[] Tables, Assignment[] Assignments) : Statement
{
    /// <summary>WITH, or null.</summary>
    public WithClause? With { get; init; }

    /// <summary>LOW_PRIORITY.</summary>
    public bool IsLowPriority { get; init; }

    /// <summary>IGNORE.</summary>
    public bool IsIgnore { get; init; }

    /// <summary>WHERE, or null.</summary>
    public ExpressionNode? Where { get; init; }

    /// <summary>ORDER BY; only with a single table.</summary>
    public OrderItem[] OrderBy { get; init; } = [];

    /// <summary>LIMIT count without an offset, or null; only with a single table.</summary>
    public ExpressionNode? Limit { get; init; }
}
