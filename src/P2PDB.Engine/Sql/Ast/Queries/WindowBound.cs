using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>One end of a frame.</summary>
/// <param name="Kind">Where it lies.</param>
/// <param name="Offset">The distance for Preceding and Following, else null.</param>
/// <param name="Unit">The unit of an INTERVAL distance, else null.</param>
internal sealed record WindowBound(WindowBoundKind Kind, ExpressionNode? Offset = null, IntervalUnit? Unit = null);
