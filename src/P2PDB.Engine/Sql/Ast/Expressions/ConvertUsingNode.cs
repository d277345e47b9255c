namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>CONVERT(x USING character set).</summary>
internal sealed record ConvertUsingNode(ExpressionNode Operand, string CharacterSet) : ExpressionNode;
