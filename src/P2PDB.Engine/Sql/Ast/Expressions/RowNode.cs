namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>(a, b, …) or ROW(a, b, …); at least two items.</summary>
internal sealed record RowNode(ExpressionNode[] Items) : ExpressionNode;
