namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>RENAME USER a TO b, ….</summary>
internal sealed record RenameUserStatement((AccountName From, AccountName To)[] Renames) : Statement;
