namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>WEIGHT_STRING(value [AS CHAR(n) | AS BINARY(n)]).</summary>
internal sealed record WeightStringNode(ExpressionNode Value, int? Length, bool IsBinary) : ExpressionNode;
