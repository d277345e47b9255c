using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>NULL (neither member), ERROR, or DEFAULT value, as the answer to an empty or erroneous JSON path.</summary>
internal sealed record JsonResponse(bool IsError, ExpressionNode? Default);
