namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>TABLE name: all columns and rows.</summary>
internal sealed record TableBody(ObjectName Name) : QueryBody;
