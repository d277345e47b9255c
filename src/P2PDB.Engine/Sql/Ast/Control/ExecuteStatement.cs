namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>EXECUTE name [USING @a, …].</summary>
internal sealed record ExecuteStatement(string Name, string[] Variables) : Statement;
