namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>USE database.</summary>
internal sealed record UseStatement(string Schema) : Statement;
