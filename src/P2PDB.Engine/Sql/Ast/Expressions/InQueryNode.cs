using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>value [NOT] IN (query).</summary>
internal sealed record InQueryNode(ExpressionNode Value, Query Query, bool IsNegated) : ExpressionNode;
