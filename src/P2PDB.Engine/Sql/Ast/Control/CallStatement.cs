using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>CALL procedure [(arguments)].</summary>
internal sealed record CallStatement(ObjectName Procedure, ExpressionNode[] Arguments) : Statement;
