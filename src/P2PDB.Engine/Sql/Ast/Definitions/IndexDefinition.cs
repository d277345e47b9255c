namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>PRIMARY KEY, UNIQUE, INDEX, FULLTEXT or SPATIAL with its parts.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The index's name, or (for Primary and Unique) the constraint's where only that was written, or null.</param>
/// <param name="Parts">The key parts in order.</param>
/// <param name="Options">Everything behind the parts.</param>
internal sealed record IndexDefinition(IndexKind Kind, string? Name, KeyPart[] Parts, IndexOptions Options) : TableElement;
