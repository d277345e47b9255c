using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>What a column name means: a column of a relation of some query block.</summary>
/// <param name="Block">The block that the relation belongs to.</param>
/// <param name="Relation">The relation.</param>
/// <param name="Ordinal">The column's ordinal in the relation.</param>
/// <param name="Depth">Blocks between the use and <paramref name="Block"/>; 0 for the same block.</param>
internal sealed record ColumnBinding(QueryBlock Block, Relation Relation, int Ordinal, int Depth)
{
    /// <summary>The merged view that the name means, of which <see cref="Relation"/> is a part; or null.</summary>
    public Relation? View { get; init; }

    /// <summary>Ordinal in <see cref="View"/>.</summary>
    public int ViewOrdinal { get; init; }

    /// <summary>The relation that the name means.</summary>
    public Relation Named => View ?? Relation;

    /// <summary>The expression that a merged view's column is, or null where it is a column of a relation.</summary>
    public ExpressionNode? Expression => Relation.Merged?[Ordinal].Expression;

    /// <summary>The name as it is written in full.</summary>
    public ColumnNode FullName => new(
        Named.IsAliased ? null : Named.Schema, Named.Name, Named.Columns[View is null ? Ordinal : ViewOrdinal].Name);

    /// <summary>Errors 1142 and 1143 where what the name means must not be used so.</summary>
    public void Require(PrivilegeSet wanted) => Named.Guard?.Require(wanted, Named.Columns[View is null ? Ordinal : ViewOrdinal].Name);

    /// <summary>Errors 1142 and 1143 where what the name means must not be written, there or in what lies below.</summary>
    public void RequireWrite(PrivilegeSet wanted) => Named.RequireWrite(wanted, View is null ? Ordinal : ViewOrdinal);

    /// <summary>The column.</summary>
    public RelationColumn Column => Relation.Columns[Ordinal];
}
