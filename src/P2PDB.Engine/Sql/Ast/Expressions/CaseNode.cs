namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>CASE [operand] WHEN … THEN … [ELSE …] END.</summary>
internal sealed record CaseNode(ExpressionNode? Operand, CaseBranch[] Branches, ExpressionNode? Otherwise) : ExpressionNode;
