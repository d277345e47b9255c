namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>A <c>?</c>, numbered from 0 in order of appearance.</summary>
internal sealed record ParameterNode(int Index) : ExpressionNode;
