using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>One SELECT block.</summary>
internal sealed record SelectBody(SelectOptions Options, SelectItem[] Items) : QueryBody
{
    /// <summary>The comma-separated sources; empty without FROM and for FROM DUAL.</summary>
    public TableSource[] From { get; init; } = [];

    /// <summary>WHERE, or null.</summary>
    public ExpressionNode? Where { get; init; }

    /// <summary>GROUP BY; empty where there is none. A direction after an item is MariaDB's and not accepted.</summary>
    public ExpressionNode[] GroupBy { get; init; } = [];

    /// <summary>WITH ROLLUP after GROUP BY.</summary>
    public bool HasRollup { get; init; }

    /// <summary>HAVING, or null.</summary>
    public ExpressionNode? Having { get; init; }

    /// <summary>WINDOW name AS (…); empty where there is none.</summary>
    public NamedWindow[] Windows { get; init; } = [];
}
