using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>What a column of a merged view is: a column of a relation that the view reads, or an expression over such columns.</summary>
/// <param name="Relation">The relation, or null for an expression.</param>
/// <param name="Ordinal">The column's ordinal in it.</param>
/// <param name="Expression">The expression, its names pinned in the block; null for a column.</param>
internal readonly record struct MergedColumn(Relation? Relation, int Ordinal, ExpressionNode? Expression)
{
    /// <summary>The merged view that the column is taken from, where the view reads another one; else null.</summary>
    public Relation? View { get; init; }

    /// <summary>Ordinal in <see cref="View"/>.</summary>
    public int ViewOrdinal { get; init; }
}
