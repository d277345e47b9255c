using P2PDB.Engine.Sql.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Control;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses DROP, TRUNCATE and RENAME.</summary>
internal static class DropParser
{
    /// <summary>Parses a statement that begins with DROP.</summary>
    public static Statement Drop(ref TokenCursor cursor)
    {
        int start = cursor.Current.Start;
        cursor.Expect(Keyword.DROP);
        Keyword what = cursor.Current.Keyword;
        switch (what)
        {
            case Keyword.DATABASE or Keyword.SCHEMA:
                cursor.Advance();
                bool ifExists = CreateTableParser.AcceptIfExists(ref cursor);
                return new DropDatabaseStatement(cursor.Name(), ifExists);
            case Keyword.TABLE or Keyword.TABLES or Keyword.TEMPORARY:
                return Table(ref cursor);
            case Keyword.INDEX:
                return Index(ref cursor);
            case Keyword.VIEW:
                cursor.Advance();
                ifExists = CreateTableParser.AcceptIfExists(ref cursor);
                var view = new DropViewStatement(cursor.ObjectNames(), ifExists);
                Behaviour(ref cursor);
                return view;
            case Keyword.USER or Keyword.ROLE:
                return AccountParser.Drop(ref cursor);
            case Keyword.PREPARE:
                cursor.Advance();
                return new DeallocateStatement(cursor.Name());
            case Keyword.PROCEDURE or Keyword.FUNCTION:
                cursor.Advance();
                ifExists = CreateTableParser.AcceptIfExists(ref cursor);
                return new DropRoutineStatement(cursor.ObjectName(), what == Keyword.FUNCTION, ifExists);
            case Keyword.TRIGGER:
                cursor.Advance();
                ifExists = CreateTableParser.AcceptIfExists(ref cursor);
                return new DropTriggerStatement(cursor.ObjectName(), ifExists);
            case Keyword.EVENT:
                cursor.Advance();
                ifExists = CreateTableParser.AcceptIfExists(ref cursor);
                return new DropEventStatement(cursor.ObjectName(), ifExists);
            case Keyword.TABLESPACE or Keyword.UNDO or Keyword.LOGFILE or Keyword.SERVER or Keyword.RESOURCE or Keyword.SPATIAL:
                return OtherParser.Parse(ref cursor, start);
            default:
                throw cursor.Fail();
        }
    }

    /// <summary>Parses TRUNCATE.</summary>
    public static TruncateTableStatement Truncate(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.TRUNCATE);
        cursor.Accept(Keyword.TABLE);
        return new TruncateTableStatement(cursor.ObjectName());
    }

    /// <summary>Parses RENAME TABLE and RENAME USER.</summary>
    public static Statement Rename(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.RENAME);
        if (cursor.Is(Keyword.USER))
            return AccountParser.Rename(ref cursor);
        if (!cursor.Accept(Keyword.TABLE))
            cursor.Expect(Keyword.TABLES);
        List<TableRename> renames = [];
        do
        {
            ObjectName from = cursor.ObjectName();
            cursor.Expect(Keyword.TO);
            renames.Add(new TableRename(from, cursor.ObjectName()));
        }
        while (cursor.Accept(TokenKind.Comma));
        return new RenameTableStatement([.. renames]);
    }

    private static DropTableStatement Table(ref TokenCursor cursor)
    {
        bool isTemporary = cursor.Accept(Keyword.TEMPORARY);
        if (!cursor.Accept(Keyword.TABLE))
            cursor.Expect(Keyword.TABLES);
        bool ifExists = CreateTableParser.AcceptIfExists(ref cursor);
        var drop = new DropTableStatement(cursor.ObjectNames(), ifExists, isTemporary);
        Behaviour(ref cursor);
        return drop;
    }

    private static void Behaviour(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.RESTRICT))
            cursor.Accept(Keyword.CASCADE);
    }

    private static DropIndexStatement Index(ref TokenCursor cursor)
    {
        cursor.Advance();
        string name = cursor.Is(Keyword.PRIMARY) ? cursor.AnyWord() : cursor.Name();
        cursor.Expect(Keyword.ON);
        ObjectName table = cursor.ObjectName();
        (string? algorithm, string? @lock) = CreateTableParser.AlgorithmAndLock(ref cursor);
        return new DropIndexStatement(name, table, algorithm, @lock);
    }
}
