namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>The verb of an index hint.</summary>
internal enum IndexHintKind : byte { Use, Force, Ignore }
