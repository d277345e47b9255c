using P2PDB.Engine.Sql.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Changes;
using P2PDB.Engine.Sql.Control;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Programs;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql;

/// <summary>Looks at a statement's first word and calls its parser.</summary>
internal static class StatementParser
{
    /// <summary>Parses one statement, without what ends it.</summary>
    public static Statement Parse(ref TokenCursor cursor)
    {
        Keyword word = cursor.Current.Keyword;
        switch (word)
        {
            case Keyword.SELECT or Keyword.VALUES or Keyword.TABLE:
                return new SelectStatement(QueryParser.Parse(ref cursor));
            case Keyword.WITH:
                return With(ref cursor);
            case Keyword.INSERT or Keyword.REPLACE:
                return InsertParser.Parse(ref cursor);
            case Keyword.UPDATE:
                return UpdateParser.Parse(ref cursor, null);
            case Keyword.DELETE:
                return DeleteParser.Parse(ref cursor, null);
            case Keyword.CREATE:
                return CreateParser.Create(ref cursor);
            case Keyword.ALTER:
                return CreateParser.Alter(ref cursor);
            case Keyword.DROP:
                return DropParser.Drop(ref cursor);
            case Keyword.TRUNCATE:
                return DropParser.Truncate(ref cursor);
            case Keyword.RENAME:
                return DropParser.Rename(ref cursor);
            case Keyword.SET:
                return SetParser.Parse(ref cursor);
            case Keyword.SHOW:
                return ShowParser.Parse(ref cursor);
            case Keyword.DESC or Keyword.DESCRIBE or Keyword.EXPLAIN:
                return ExplainParser.Parse(ref cursor);
            default:
                return cursor.Is(TokenKind.OpenParen)
                    ? new SelectStatement(QueryParser.Parse(ref cursor))
                    : Control(ref cursor, word);
        }
    }

    private static Statement With(ref TokenCursor cursor)
    {
        TokenCursor ahead = cursor;
        QueryParser.TryWith(ref ahead);
        switch (ahead.Current.Keyword)
        {
            case Keyword.UPDATE:
                WithClause? with = QueryParser.TryWith(ref cursor);
                return UpdateParser.Parse(ref cursor, with);
            case Keyword.DELETE:
                with = QueryParser.TryWith(ref cursor);
                return DeleteParser.Parse(ref cursor, with);
            default:
                return new SelectStatement(QueryParser.Parse(ref cursor));
        }
    }

    private static Statement Control(ref TokenCursor cursor, Keyword word)
    {
        switch (word)
        {
            case Keyword.START when cursor.IsNext(Keyword.TRANSACTION):
                return TransactionParser.Start(ref cursor);
            case Keyword.BEGIN:
                return TransactionParser.Begin(ref cursor);
            case Keyword.COMMIT:
                return TransactionParser.Commit(ref cursor);
            case Keyword.ROLLBACK:
                return TransactionParser.Rollback(ref cursor);
            case Keyword.SAVEPOINT:
                return TransactionParser.Savepoint(ref cursor);
            case Keyword.RELEASE:
                return TransactionParser.Release(ref cursor);
            case Keyword.XA:
                return TransactionParser.Xa(ref cursor);
            case Keyword.USE:
                cursor.Advance();
                return new UseStatement(cursor.Name());
            case Keyword.DO:
                cursor.Advance();
                return new DoStatement(SelectParser.Items(ref cursor));
            case Keyword.CALL:
                return PreparedParser.Call(ref cursor);
            case Keyword.PREPARE:
                return PreparedParser.Prepare(ref cursor);
            case Keyword.EXECUTE:
                return PreparedParser.Execute(ref cursor);
            case Keyword.DEALLOCATE:
                return PreparedParser.Deallocate(ref cursor);
            case Keyword.KILL:
                return MaintenanceParser.Kill(ref cursor);
            case Keyword.LOCK:
                return MaintenanceParser.Lock(ref cursor);
            case Keyword.UNLOCK:
                return MaintenanceParser.Unlock(ref cursor);
            case Keyword.FLUSH:
                return MaintenanceParser.Flush(ref cursor);
            case Keyword.ANALYZE:
                return MaintenanceParser.Table(ref cursor, TableMaintenance.Analyze);
            case Keyword.CHECK:
                return MaintenanceParser.Table(ref cursor, TableMaintenance.Check);
            case Keyword.CHECKSUM:
                return MaintenanceParser.Table(ref cursor, TableMaintenance.Checksum);
            case Keyword.OPTIMIZE:
                return MaintenanceParser.Table(ref cursor, TableMaintenance.Optimize);
            case Keyword.REPAIR:
                return MaintenanceParser.Table(ref cursor, TableMaintenance.Repair);
            case Keyword.GRANT:
                return GrantParser.Grant(ref cursor);
            case Keyword.REVOKE:
                return GrantParser.Revoke(ref cursor);
            default:
                return Rare(ref cursor, word);
        }
    }

    private static Statement Rare(ref TokenCursor cursor, Keyword word)
    {
        int start = cursor.Current.Start;
        switch (word)
        {
            case Keyword.LOAD when cursor.Next.Keyword is Keyword.DATA or Keyword.XML:
                return LoadDataParser.Parse(ref cursor);
            case Keyword.HELP:
                cursor.Advance();
                return new HelpStatement(cursor.NameOrString());
            case Keyword.RESET when cursor.IsNext(Keyword.PERSIST):
                cursor.Expect(Keyword.RESET, Keyword.PERSIST);
                bool ifExists = CreateTableParser.AcceptIfExists(ref cursor);
                return new ResetPersistStatement(cursor.IsName() ? cursor.Name() : null, ifExists);
            case Keyword.SIGNAL or Keyword.RESIGNAL:
                return DiagnosticsParser.Signal(ref cursor);
            case Keyword.GET:
                return DiagnosticsParser.Get(ref cursor);
            case Keyword.HANDLER or Keyword.INSTALL or Keyword.UNINSTALL or Keyword.CHANGE or Keyword.START or Keyword.STOP or Keyword.RESET
                or Keyword.PURGE or Keyword.BINLOG or Keyword.CACHE or Keyword.LOAD or Keyword.IMPORT or Keyword.CLONE or Keyword.RESTART
                or Keyword.SHUTDOWN:
                cursor.Advance();
                bool isAlone = word is Keyword.RESTART or Keyword.SHUTDOWN;
                return isAlone && cursor.Current.Kind is TokenKind.End or TokenKind.Semicolon
                    ? new OtherStatement(word.ToString(), word.ToString())
                    : OtherParser.Parse(ref cursor, start);
            default:
                throw cursor.Fail();
        }
    }
}
