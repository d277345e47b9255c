namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>One renaming.</summary>
internal sealed record TableRename(ObjectName From, ObjectName To);
