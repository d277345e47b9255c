namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>What may stand between the parentheses of CREATE TABLE and behind ADD: a column, an index or a constraint.</summary>
internal abstract record TableElement;
