using P2PDB.Engine.Sql.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Control;
using P2PDB.Engine.Sql.Programs;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Reads the words behind CREATE and ALTER and hands over to the parser of what is made.</summary>
internal static class CreateParser
{
    /// <summary>Parses a statement that begins with CREATE.</summary>
    public static Statement Create(ref TokenCursor cursor)
    {
        int start = cursor.Current.Start;
        cursor.Expect(Keyword.CREATE);
        switch (cursor.Current.Keyword)
        {
            case Keyword.DATABASE or Keyword.SCHEMA:
                cursor.Advance();
                bool ifNotExists = CreateTableParser.AcceptIfNotExists(ref cursor);
                string name = cursor.Name();
                return new CreateDatabaseStatement(name, ifNotExists, TableOptionParser.Database(ref cursor));
            case Keyword.TABLE:
                return CreateTableParser.Parse(ref cursor, false);
            case Keyword.TEMPORARY:
                cursor.Advance();
                return CreateTableParser.Parse(ref cursor, true);
            case Keyword.INDEX or Keyword.UNIQUE or Keyword.FULLTEXT:
            case Keyword.SPATIAL when cursor.IsNext(Keyword.INDEX):
                return CreateTableParser.Index(ref cursor);
            case Keyword.USER:
                return AccountParser.CreateUser(ref cursor);
            case Keyword.ROLE:
                return AccountParser.CreateRole(ref cursor);
            case Keyword.TABLESPACE or Keyword.UNDO or Keyword.LOGFILE or Keyword.SERVER or Keyword.RESOURCE or Keyword.SPATIAL or Keyword.AGGREGATE:
                return OtherParser.Parse(ref cursor, start);
            default:
                return Programmed(ref cursor, start, false);
        }
    }

    /// <summary>Parses a statement that begins with ALTER.</summary>
    public static Statement Alter(ref TokenCursor cursor)
    {
        int start = cursor.Current.Start;
        cursor.Expect(Keyword.ALTER);
        switch (cursor.Current.Keyword)
        {
            case Keyword.DATABASE or Keyword.SCHEMA:
                cursor.Advance();
                bool isOption = !cursor.IsName() || cursor.Current.Keyword is Keyword.CHARSET or Keyword.ENCRYPTION;
                string? name = isOption ? null : cursor.Name();
                int optionStart = cursor.Current.Start;
                DatabaseOption options = TableOptionParser.Database(ref cursor);
                return cursor.Current.Start > optionStart ? new AlterDatabaseStatement(name, options) : throw cursor.Fail();
            case Keyword.TABLE:
                return AlterTableParser.Parse(ref cursor);
            case Keyword.USER:
                return AccountParser.AlterUser(ref cursor);
            case Keyword.PROCEDURE or Keyword.FUNCTION:
                return RoutineParser.Alter(ref cursor);
            case Keyword.TABLESPACE or Keyword.UNDO or Keyword.LOGFILE or Keyword.SERVER or Keyword.RESOURCE or Keyword.INSTANCE:
                return OtherParser.Parse(ref cursor, start);
            default:
                return Programmed(ref cursor, start, true);
        }
    }

    // [OR REPLACE] [ALGORITHM = a] [DEFINER = d] [SQL SECURITY s] VIEW | PROCEDURE | FUNCTION | TRIGGER | EVENT
    private static Statement Programmed(ref TokenCursor cursor, int start, bool isAlter)
    {
        bool isReplace = !isAlter && cursor.Accept(Keyword.OR, Keyword.REPLACE);
        string? algorithm = null;
        if (cursor.Accept(Keyword.ALGORITHM))
        {
            cursor.Expect(TokenKind.Equal);
            if (cursor.Current.Keyword is not (Keyword.UNDEFINED or Keyword.MERGE or Keyword.TEMPTABLE))
                throw cursor.Fail();
            algorithm = cursor.AnyWord().ToUpperInvariant();
        }

        AccountName? definer = null;
        if (cursor.Accept(Keyword.DEFINER))
        {
            cursor.Expect(TokenKind.Equal);
            definer = AccountParser.Name(ref cursor);
        }

        bool hasSecurity = cursor.Accept(Keyword.SQL);
        bool isInvoker = false;
        if (hasSecurity)
        {
            cursor.Expect(Keyword.SECURITY);
            isInvoker = cursor.Accept(Keyword.INVOKER);
            if (!isInvoker)
                cursor.Expect(Keyword.DEFINER);
        }

        if (cursor.Is(Keyword.VIEW))
            return ViewParser.Parse(ref cursor, isReplace, isAlter, algorithm, definer, isInvoker);
        if (isReplace || hasSecurity || algorithm is not null)
        {
            // OR REPLACE is for views and (since 8.0) spatial reference systems only.
            return isReplace && cursor.Is(Keyword.SPATIAL) ? OtherParser.Parse(ref cursor, start) : throw cursor.Fail();
        }

        return cursor.Current.Keyword switch
        {
            Keyword.EVENT => EventParser.Parse(ref cursor, isAlter, definer),
            Keyword.TRIGGER when !isAlter => TriggerParser.Parse(ref cursor, definer),
            Keyword.PROCEDURE or Keyword.FUNCTION when !isAlter => RoutineParser.Create(ref cursor, definer),
            _ => throw cursor.Fail(),
        };
    }
}
