using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>left op ALL (query) or left op ANY (query); SOME is ANY.</summary>
internal sealed record QuantifiedComparisonNode(BinaryOperator Operator, ExpressionNode Left, bool IsAll, Query Query) : ExpressionNode;
