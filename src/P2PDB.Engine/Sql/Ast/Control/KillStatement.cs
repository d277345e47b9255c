using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>KILL [CONNECTION | QUERY] id.</summary>
internal sealed record KillStatement(ExpressionNode Id, bool IsQuery) : Statement;
