namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>DROP TABLE; RESTRICT and CASCADE have no effect.</summary>
internal sealed record DropTableStatement(ObjectName[] Names, bool IfExists, bool IsTemporary) : Statement;
