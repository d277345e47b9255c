namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>TRIM([BOTH|LEADING|TRAILING] [remove] FROM value); without <see cref="Remove"/> spaces are taken off.</summary>
internal sealed record TrimNode(TrimSide Side, ExpressionNode? Remove, ExpressionNode Value) : ExpressionNode;
