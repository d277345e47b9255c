namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>VALUES(column) inside ON DUPLICATE KEY UPDATE: the value that would have been inserted.</summary>
internal sealed record InsertedValueNode(ColumnNode Column) : ExpressionNode;
