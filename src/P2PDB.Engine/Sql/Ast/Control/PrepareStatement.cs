using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>PREPARE name FROM 'text' or @variable.</summary>
internal sealed record PrepareStatement(string Name, ExpressionNode Text) : Statement;
