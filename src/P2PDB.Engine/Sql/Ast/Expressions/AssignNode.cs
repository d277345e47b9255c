namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>@variable := value, as an expression.</summary>
internal sealed record AssignNode(UserVariableNode Variable, ExpressionNode Value) : ExpressionNode;
