using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>EXISTS (query); a NOT before it is a <see cref="UnaryNode"/>.</summary>
internal sealed record ExistsNode(Query Query) : ExpressionNode;
