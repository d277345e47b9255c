namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>RENAME TABLE a TO b, …: applied left to right, all or nothing.</summary>
internal sealed record RenameTableStatement(TableRename[] Renames) : Statement;
