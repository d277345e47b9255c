namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>LOCK INSTANCE FOR BACKUP.</summary>
internal sealed record LockInstanceStatement : Statement;
