namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>A unit as the first argument of TIMESTAMPADD and TIMESTAMPDIFF.</summary>
internal sealed record IntervalUnitNode(IntervalUnit Unit) : ExpressionNode;
