namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>date + INTERVAL amount unit, date - INTERVAL …, DATE_ADD, DATE_SUB, ADDDATE and SUBDATE (whose plain number counts days).</summary>
internal sealed record DateArithmeticNode(bool IsSubtraction, ExpressionNode Date, ExpressionNode Amount, IntervalUnit Unit) : ExpressionNode;
