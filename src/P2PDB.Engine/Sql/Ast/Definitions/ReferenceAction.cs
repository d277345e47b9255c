namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>What happens to children; <see cref="None"/> where nothing was written, which acts as NO ACTION.</summary>
internal enum ReferenceAction : byte { None, Restrict, Cascade, SetNull, NoAction, SetDefault }
