namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>The kinds of index.</summary>
internal enum IndexKind : byte { Plain, Unique, Primary, FullText, Spatial }
