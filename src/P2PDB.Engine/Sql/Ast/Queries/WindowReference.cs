namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>OVER name (no specification) or OVER (specification).</summary>
internal sealed record WindowReference(string? Name, WindowSpecification? Specification);
