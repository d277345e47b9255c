namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>[CONSTRAINT name] FOREIGN KEY [index name] (columns) REFERENCES ….</summary>
internal sealed record ForeignKeyDefinition(string? Name, string? IndexName, string[] Columns, ForeignKeyReference Reference) : TableElement;
