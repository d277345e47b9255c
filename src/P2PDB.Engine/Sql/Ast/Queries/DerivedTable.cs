namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>[LATERAL] (query) AS alias [(columns)].</summary>
internal sealed record DerivedTable(Query Query, string Alias, string[] Columns, bool IsLateral) : TableSource;
