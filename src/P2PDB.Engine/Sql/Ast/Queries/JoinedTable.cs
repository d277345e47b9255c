using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>A join. INNER, CROSS and plain JOIN are one kind; with neither ON nor USING it is the product.</summary>
internal sealed record JoinedTable(JoinKind Kind, TableSource Left, TableSource Right) : TableSource
{
    /// <summary>NATURAL.</summary>
    public bool IsNatural { get; init; }

    /// <summary>ON, or null.</summary>
    public ExpressionNode? On { get; init; }

    /// <summary>USING (columns); empty where there is none.</summary>
    public string[] Using { get; init; } = [];
}
