namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>WINDOW name AS (specification).</summary>
internal sealed record NamedWindow(string Name, WindowSpecification Specification);
