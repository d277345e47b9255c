namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>SELECT …, VALUES ROW…, TABLE t, a set operation, or a query in parentheses with its own ORDER BY and LIMIT.</summary>
internal abstract record QueryBody;
