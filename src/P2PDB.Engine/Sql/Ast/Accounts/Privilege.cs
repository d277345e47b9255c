namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>A privilege, upper case with single spaces (SELECT, CREATE TEMPORARY TABLES, ALL, a dynamic one), and its columns.</summary>
internal sealed record Privilege(string Name, string[] Columns);
