using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>DO expressions; items have the form of a select list.</summary>
internal sealed record DoStatement(SelectItem[] Items) : Statement;
