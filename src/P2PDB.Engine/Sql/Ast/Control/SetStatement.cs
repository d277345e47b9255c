namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>SET: the assignments in order; none is in effect unless all values can be computed.</summary>
internal sealed record SetStatement(SetItem[] Items) : Statement;
