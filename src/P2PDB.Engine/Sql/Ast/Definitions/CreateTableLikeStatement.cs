namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>CREATE TABLE name LIKE source.</summary>
internal sealed record CreateTableLikeStatement(ObjectName Name, ObjectName Source, bool IsTemporary, bool IfNotExists) : Statement;
