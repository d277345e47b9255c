namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>What IS asks for.</summary>
internal enum TruthTest : byte { Null, True, False, Unknown }
