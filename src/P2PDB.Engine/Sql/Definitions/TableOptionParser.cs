using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses the options of tables, partitions and databases.</summary>
internal static class TableOptionParser
{
    /// <summary>Parses the options of CREATE TABLE, with or without commas; empty where there are none.</summary>
    public static TableOption[] List(ref TokenCursor cursor)
    {
        List<TableOption> options = [];
        while (TryParse(ref cursor) is { } option)
        {
            options.Add(option);
            cursor.Accept(TokenKind.Comma);
        }

        return [.. options];
    }

    /// <summary>Parses one option; null, having taken nothing, where none stands here.</summary>
    public static TableOption? TryParse(ref TokenCursor cursor)
    {
        Keyword keyword = cursor.Current.Keyword;
        switch (keyword)
        {
            case Keyword.ENGINE or Keyword.STORAGE or Keyword.AUTO_INCREMENT or Keyword.AVG_ROW_LENGTH or Keyword.CHECKSUM or Keyword.TABLE_CHECKSUM
                or Keyword.COMMENT or Keyword.COMPRESSION or Keyword.CONNECTION or Keyword.DELAY_KEY_WRITE or Keyword.ENCRYPTION
                or Keyword.ENGINE_ATTRIBUTE or Keyword.INSERT_METHOD or Keyword.KEY_BLOCK_SIZE or Keyword.MAX_ROWS or Keyword.MIN_ROWS
                or Keyword.PACK_KEYS or Keyword.PASSWORD or Keyword.ROW_FORMAT or Keyword.SECONDARY_ENGINE
                or Keyword.SECONDARY_ENGINE_ATTRIBUTE or Keyword.STATS_AUTO_RECALC or Keyword.STATS_PERSISTENT or Keyword.STATS_SAMPLE_PAGES
                or Keyword.AUTOEXTEND_SIZE or Keyword.TABLESPACE or Keyword.TYPE or Keyword.NODEGROUP:
                string name = cursor.AnyWord().ToUpperInvariant();
                if (keyword == Keyword.STORAGE)
                    cursor.Accept(Keyword.ENGINE);
                return Value(ref cursor, name is "TYPE" ? "ENGINE" : name);
            case Keyword.DATA or Keyword.INDEX when cursor.IsNext(Keyword.DIRECTORY):
                cursor.Advance();
                cursor.Advance();
                return Value(ref cursor, keyword == Keyword.DATA ? "DATA DIRECTORY" : "INDEX DIRECTORY");
            case Keyword.DEFAULT when cursor.Next.Keyword is Keyword.CHARSET or Keyword.CHARACTER or Keyword.CHAR or Keyword.COLLATE or Keyword.ENCRYPTION:
                cursor.Advance();
                return TryParse(ref cursor);
            case Keyword.CHARSET:
                cursor.Advance();
                return Collation(ref cursor, "CHARACTER SET");
            case Keyword.CHARACTER or Keyword.CHAR when cursor.IsNext(Keyword.SET):
                cursor.Advance();
                cursor.Advance();
                return Collation(ref cursor, "CHARACTER SET");
            case Keyword.COLLATE:
                cursor.Advance();
                return Collation(ref cursor, "COLLATE");
            case Keyword.UNION:
                cursor.Advance();
                return Union(ref cursor);
            case Keyword.START:
                cursor.Advance();
                cursor.Expect(Keyword.TRANSACTION);
                return new TableOption("START TRANSACTION", string.Empty, false);
            default:
                return null;
        }
    }

    /// <summary>Parses the options of CREATE and ALTER DATABASE.</summary>
    public static DatabaseOption Database(ref TokenCursor cursor)
    {
        var options = new DatabaseOption(null, null, null, null);
        while (true)
        {
            if (cursor.Is(Keyword.READ))
            {
                cursor.Advance();
                cursor.Expect(Keyword.ONLY);
                cursor.Accept(TokenKind.Equal);
                options = options with { ReadOnly = cursor.Word().ToUpperInvariant() };
                continue;
            }

            if (cursor.Current.Keyword is not (Keyword.DEFAULT or Keyword.CHARSET or Keyword.CHARACTER or Keyword.CHAR or Keyword.COLLATE or Keyword.ENCRYPTION)
                || TryParse(ref cursor) is not { } option)
            {
                return options;
            }

            options = option.Name switch
            {
                "CHARACTER SET" => options with { CharacterSet = option.Value },
                "COLLATE" => options with { Collation = option.Value },
                _ => options with { Encryption = option.Value },
            };
        }
    }

    private static TableOption Value(ref TokenCursor cursor, string name)
    {
        cursor.Accept(TokenKind.Equal);
        bool isString = cursor.Is(TokenKind.String);
        return new TableOption(name, cursor.Word(), isString);
    }

    private static TableOption Collation(ref TokenCursor cursor, string name)
    {
        cursor.Accept(TokenKind.Equal);
        return new TableOption(name, cursor.CharacterSetName(), false);
    }

    private static TableOption Union(ref TokenCursor cursor)
    {
        cursor.Accept(TokenKind.Equal);
        cursor.Expect(TokenKind.OpenParen);
        int start = cursor.Current.Start;
        if (!cursor.Is(TokenKind.CloseParen))
            cursor.ObjectNames();
        string tables = cursor.TakenEnd > start ? cursor.TextFrom(start) : string.Empty;
        cursor.Expect(TokenKind.CloseParen);
        return new TableOption("UNION", tables, false);
    }
}
