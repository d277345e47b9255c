using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>VALUES ROW(…), ROW(…).</summary>
internal sealed record ValuesBody(ExpressionNode[][] Rows) : QueryBody;
