using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Queries;

/// <summary>Parses JSON_TABLE.</summary>
internal static class JsonTableParser
{
    /// <summary>Parses JSON_TABLE(…) and its alias.</summary>
    public static JsonTable Parse(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.JSON_TABLE);
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode document = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.Comma);
        ExpressionNode path = ExpressionParser.Parse(ref cursor);
        JsonTableColumn[] columns = Columns(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        cursor.Accept(Keyword.AS);
        return new JsonTable(document, path, columns, cursor.Name());
    }

    private static JsonTableColumn[] Columns(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        cursor.Expect(Keyword.COLUMNS);
        cursor.Expect(TokenKind.OpenParen);
        List<JsonTableColumn> columns = [];
        do
            columns.Add(Column(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        cursor.Expect(TokenKind.CloseParen);
        cursor.Leave(outer);
        return [.. columns];
    }

    private static JsonTableColumn Column(ref TokenCursor cursor)
    {
        if (cursor.Is(Keyword.NESTED) && (cursor.IsNext(Keyword.PATH) || cursor.IsNext(TokenKind.String)))
        {
            cursor.Advance();
            cursor.Accept(Keyword.PATH);
            return new JsonTableColumn(null, null, cursor.StringBytes()) { Nested = Columns(ref cursor) };
        }

        string name = cursor.Name();
        if (cursor.Accept(Keyword.FOR))
        {
            cursor.Expect(Keyword.ORDINALITY);
            return new JsonTableColumn(name, null, null);
        }

        DataTypeNode type = DataTypeParser.Parse(ref cursor);
        bool isExists = cursor.Accept(Keyword.EXISTS);
        cursor.Expect(Keyword.PATH);
        byte[] path = cursor.StringBytes();
        Responses(ref cursor, out JsonResponse? onEmpty, out JsonResponse? onError);
        return new JsonTableColumn(name, type, path) { IsExists = isExists, OnEmpty = onEmpty, OnError = onError };
    }

    /// <summary>Parses the ON EMPTY and ON ERROR clauses that stand here, in either order.</summary>
    public static void Responses(ref TokenCursor cursor, out JsonResponse? onEmpty, out JsonResponse? onError)
    {
        onEmpty = null;
        onError = null;
        while (cursor.Current.Keyword is Keyword.NULL or Keyword.ERROR or Keyword.DEFAULT)
        {
            Keyword kind = cursor.Current.Keyword;
            cursor.Advance();
            ExpressionNode? value = kind == Keyword.DEFAULT ? ExpressionParser.Parse(ref cursor) : null;
            var response = new JsonResponse(kind == Keyword.ERROR, value);
            cursor.Expect(Keyword.ON);
            if (onEmpty is null && onError is null && cursor.Accept(Keyword.EMPTY))
                onEmpty = response;
            else if (onError is null && cursor.Accept(Keyword.ERROR))
                onError = response;
            else
                throw cursor.Fail();
        }
    }
}
