namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>A query in parentheses, kept apart because it has its own WITH, ORDER BY, LIMIT or lock.</summary>
internal sealed record NestedBody(Query Query) : QueryBody;
