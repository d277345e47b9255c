using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses CREATE VIEW and ALTER VIEW behind their first words.</summary>
internal static class ViewParser
{
    /// <summary>Parses from VIEW on; what was read before it comes in.</summary>
    public static CreateViewStatement Parse(ref TokenCursor cursor, bool isReplace, bool isAlter, string? algorithm, AccountName? definer, bool isInvoker)
    {
        cursor.Expect(Keyword.VIEW);
        ObjectName name = cursor.ObjectName();
        string[] columns = cursor.Is(TokenKind.OpenParen) ? cursor.NamesInParentheses() : [];
        cursor.Expect(Keyword.AS);
        int start = cursor.Current.Start;
        Query query = QueryParser.Parse(ref cursor);
        string text = cursor.TextFrom(start);
        string? check = null;
        if (cursor.Accept(Keyword.WITH))
        {
            check = cursor.Accept(Keyword.LOCAL) ? "LOCAL" : "CASCADED";
            cursor.Accept(Keyword.CASCADED);
            cursor.Expect(Keyword.CHECK, Keyword.OPTION);
        }

        return new CreateViewStatement(name, columns, query)
        {
            QueryText = text,
            IsReplace = isReplace,
            IsAlter = isAlter,
            Algorithm = algorithm,
            Definer = definer,
            IsInvoker = isInvoker,
            CheckOption = check,
        };
    }
}
