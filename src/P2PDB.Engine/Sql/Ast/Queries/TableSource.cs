namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>Something that FROM can name.</summary>
internal abstract record TableSource;
