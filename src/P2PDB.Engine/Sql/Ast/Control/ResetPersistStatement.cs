namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>RESET PERSIST [[IF EXISTS] variable].</summary>
internal sealed record ResetPersistStatement(string? Variable, bool IfExists) : Statement;
