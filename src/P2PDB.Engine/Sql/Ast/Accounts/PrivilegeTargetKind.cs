namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>What a grant is on.</summary>
internal enum PrivilegeTargetKind : byte { Table, Function, Procedure }
