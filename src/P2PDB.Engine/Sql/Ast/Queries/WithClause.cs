namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>WITH [RECURSIVE] tables.</summary>
internal sealed record WithClause(bool IsRecursive, NamedQuery[] Queries);
