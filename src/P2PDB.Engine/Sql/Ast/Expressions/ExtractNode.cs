namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>EXTRACT(unit FROM value).</summary>
internal sealed record ExtractNode(IntervalUnit Unit, ExpressionNode Value) : ExpressionNode;
