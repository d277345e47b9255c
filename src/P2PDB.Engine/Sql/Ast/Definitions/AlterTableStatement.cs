namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>ALTER TABLE: the actions in the order written.</summary>
internal sealed record AlterTableStatement(ObjectName Name, AlterAction[] Actions) : Statement;
