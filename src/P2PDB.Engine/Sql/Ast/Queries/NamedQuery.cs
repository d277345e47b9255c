namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>name [(columns)] AS (query).</summary>
internal sealed record NamedQuery(string Name, string[] Columns, Query Query);
