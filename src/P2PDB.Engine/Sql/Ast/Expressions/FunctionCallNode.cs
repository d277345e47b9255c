namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>
/// name(arguments). Special forms are brought to the plain one: SUBSTRING(a FROM b FOR c), POSITION(a IN b) as LOCATE(a, b), CURRENT_DATE as CURDATE().
/// </summary>
/// <param name="Schema">The database of a stored function, or null.</param>
/// <param name="Name">As written; compare without regard to case.</param>
/// <param name="Arguments">The arguments, possibly none.</param>
internal sealed record FunctionCallNode(string? Schema, string Name, ExpressionNode[] Arguments) : ExpressionNode;
