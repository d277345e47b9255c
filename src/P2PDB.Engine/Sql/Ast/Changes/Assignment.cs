using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>column = value; the value may be a bare DEFAULT.</summary>
internal sealed record Assignment(ColumnNode Column, ExpressionNode Value);
