using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Planning.JsonTables;

/// <summary>Binds JSON_TABLE: paths are parsed, columns typed; the document may read what stands before it in the FROM clause.</summary>
internal sealed class JsonTableBinder(QueryBlock block, BindingContext context, NamedQueryScope? named)
{
    /// <summary>Paths nested in each other at most.</summary>
    private const int DepthMax = 16;

    private readonly List<RelationColumn> _columns = [];

    /// <summary>Binds it.</summary>
    public PlannedQuery Bind(JsonTable table)
    {
        var inner = new QueryBlock(block, context.Names);
        var binder = new ExpressionBinder(inner, context) { Clause = "a table function argument", NamedQueries = named };
        Expression document = binder.Bind(table.Document);
        if (table.Path is not StringLiteral path)
            throw SqlErrors.NotSupportedYet("a path of JSON_TABLE that is no literal").ToException();
        JsonTableLevel root = BindLevel(PathOf(path.Value), table.Columns, 0);
        var node = new JsonTableNode(document, root, [.. _columns.ConvertAll(static column => column.Type)]) { Rows = 10 };
        return new PlannedQuery(node, [.. _columns]) { IsCorrelated = inner.IsCorrelated };
    }

    private JsonTableLevel BindLevel(JsonPath path, JsonTableColumn[] columns, int depth)
    {
        if (depth > DepthMax)
            throw FunctionErrors.JsonTableTooDeep(DepthMax).ToException();
        List<JsonTableField> fields = [];
        List<JsonTableLevel> nested = [];
        foreach (JsonTableColumn column in columns)
        {
            if (column.Name is null)
                nested.Add(BindLevel(PathOf(column.Path), column.Nested, depth + 1));
            else
                fields.Add(BindField(column));
        }

        return new JsonTableLevel(path, [.. fields], [.. nested]);
    }

    private JsonTableField BindField(JsonTableColumn column)
    {
        SqlType type = column.Type is null
            ? new SqlType(SqlTypeKind.Int, 10, isUnsigned: true)
            : TypeBinder.Bind(column.Type, column.Name!, context.LiteralCollation);
        JsonTableFieldKind kind = column.Type is null ? JsonTableFieldKind.Ordinality
            : column.IsExists ? JsonTableFieldKind.Exists : JsonTableFieldKind.Value;
        _columns.Add(new RelationColumn(column.Name!, type) { IsNullable = true });
        return new JsonTableField(kind, column.Name!, type, _columns.Count - 1)
        {
            Path = column.Path is null ? null : PathOf(column.Path),
            OnEmpty = AnswerOf(column.OnEmpty, column.Name!),
            OnError = AnswerOf(column.OnError, column.Name!),
        };
    }

    /// <summary>DEFAULT is the text of a JSON value.</summary>
    private static JsonTableAnswer AnswerOf(JsonResponse? response, string column)
    {
        if (response?.Default is null)
            return new JsonTableAnswer(response?.IsError == true, null);
        return response.Default is StringLiteral literal && JsonParser.TryParse(literal.Value, out JsonItem item, out _, out _)
            ? new JsonTableAnswer(false, item)
            : throw SqlErrors.InvalidDefault(column).ToException();
    }

    private static JsonPath PathOf(ReadOnlySpan<byte> text) =>
        JsonPath.TryParse(text, out JsonPath path, out int position) ? path : throw SqlErrors.InvalidJsonPath(position).ToException();
}
