namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>A query as a statement: SELECT, VALUES, TABLE, WITH … SELECT.</summary>
internal sealed record SelectStatement(Query Query) : Statement;
