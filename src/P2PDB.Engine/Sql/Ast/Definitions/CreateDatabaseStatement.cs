namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>CREATE DATABASE or SCHEMA.</summary>
internal sealed record CreateDatabaseStatement(string Name, bool IfNotExists, DatabaseOption Options) : Statement;
