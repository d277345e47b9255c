using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning.Joins;

/// <summary>
/// A condition EXISTS or IN whose query became part of the block: rows of the block pass for which the query's FROM clause has a
/// row that meets the conditions, or, negated, for which it has none.
/// </summary>
/// <param name="Inner">The query's FROM clause; its relations are the block's, but no name of the block means them.</param>
/// <param name="Conditions">What an inner row must meet to be a partner.</param>
/// <param name="IsNegated">True where rows without a partner pass.</param>
internal sealed record SemiJoin(FromGroup Inner, List<ExpressionNode> Conditions, bool IsNegated)
{
    /// <summary>The conditions with what they read, once analysed.</summary>
    public List<Conjunct> On { get; } = [];

    /// <summary>The relations of the block itself that the conditions read.</summary>
    public ulong Reads { get; set; }

    /// <summary>True once a step of the plan sees to it.</summary>
    public bool IsPlaced { get; set; }
}
