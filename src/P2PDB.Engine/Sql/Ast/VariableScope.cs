namespace P2PDB.Engine.Sql.Ast;

/// <summary>The scope word before a system variable; <see cref="None"/> where there was none.</summary>
internal enum VariableScope : byte { None, Session, Global, Persist, PersistOnly }
