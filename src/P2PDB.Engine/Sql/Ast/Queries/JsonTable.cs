using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>JSON_TABLE(document, path COLUMNS (…)) AS alias.</summary>
internal sealed record JsonTable(ExpressionNode Document, ExpressionNode Path, JsonTableColumn[] Columns, string Alias) : TableSource;
