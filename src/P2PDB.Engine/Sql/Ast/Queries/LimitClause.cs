using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>LIMIT count [OFFSET offset]: integer literals, parameters, or inside routines variables.</summary>
internal sealed record LimitClause(ExpressionNode Count, ExpressionNode? Offset);
