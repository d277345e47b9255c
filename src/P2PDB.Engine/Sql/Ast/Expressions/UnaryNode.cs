namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>A prefix operator and its operand.</summary>
internal sealed record UnaryNode(UnaryOperator Operator, ExpressionNode Operand) : ExpressionNode;
