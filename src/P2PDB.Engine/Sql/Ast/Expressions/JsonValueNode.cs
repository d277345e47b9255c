using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>JSON_VALUE(document, path [RETURNING type] [… ON EMPTY] [… ON ERROR]).</summary>
internal sealed record JsonValueNode(
    ExpressionNode Document, ExpressionNode Path, DataTypeNode? Returning, JsonResponse? OnEmpty, JsonResponse? OnError) : ExpressionNode;
