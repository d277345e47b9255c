namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>@@[scope.][component.]name.</summary>
internal sealed record SystemVariableNode(VariableScope Scope, string? Component, string Name) : ExpressionNode;
