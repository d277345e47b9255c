using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>One item of a select list: an expression, or a star when <see cref="Expression"/> is null.</summary>
/// <param name="Expression">The expression, or null for *, t.* and db.t.*.</param>
/// <param name="Alias">The alias, or null.</param>
/// <param name="Text">The expression as written, which names its column; null for stars and plain columns.</param>
/// <param name="StarTable">The qualifier of a star, or null.</param>
internal sealed record SelectItem(ExpressionNode? Expression, string? Alias, string? Text, ObjectName? StarTable)
{
    /// <summary>True for *, t.* and db.t.*.</summary>
    public bool IsStar => Expression is null;
}
