namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>@name; names are compared without regard to case.</summary>
internal sealed record UserVariableNode(string Name) : ExpressionNode;
