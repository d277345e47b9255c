namespace P2PDB.Engine.Planning;

/// <summary>What a column name means: a column of a relation of some query block.</summary>
/// <param name="Block">The block that the relation belongs to.</param>
/// <param name="Relation">The relation.</param>
/// <param name="Ordinal">The column's ordinal in the relation.</param>
/// <param name="Depth">Blocks between the use and <paramref name="Block"/>; 0 for the same block.</param>
internal sealed record ColumnBinding(QueryBlock Block, Relation Relation, int Ordinal, int Depth)
{
    /// <summary>The column.</summary>
    public RelationColumn Column => Relation.Columns[Ordinal];
}
