namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>value [NOT] IN (items); at least one item.</summary>
internal sealed record InListNode(ExpressionNode Value, ExpressionNode[] Items, bool IsNegated) : ExpressionNode;
