using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>A query in parentheses used as a scalar or row.</summary>
internal sealed record SubqueryNode(Query Query) : ExpressionNode;
