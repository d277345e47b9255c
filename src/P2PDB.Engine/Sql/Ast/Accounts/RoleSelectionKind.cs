namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>How roles are chosen.</summary>
internal enum RoleSelectionKind : byte { Named, None, All, AllExcept, Default }
