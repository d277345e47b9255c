namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>An infix operator and its two operands. Long chains lean left and are bounded by the parser's depth limit.</summary>
internal sealed record BinaryNode(BinaryOperator Operator, ExpressionNode Left, ExpressionNode Right) : ExpressionNode;
