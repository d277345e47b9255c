namespace P2PDB.Engine.Sql.Ast;

/// <summary>Database options: character set, collation, encryption and read-only, each null where it was not named.</summary>
internal sealed record DatabaseOption(string? CharacterSet, string? Collation, string? Encryption, string? ReadOnly);
