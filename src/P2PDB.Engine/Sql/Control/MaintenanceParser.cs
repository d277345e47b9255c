using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Parses table maintenance, FLUSH, LOCK, UNLOCK, KILL and RESET.</summary>
internal static class MaintenanceParser
{
    /// <summary>Parses ANALYZE, CHECK, CHECKSUM, OPTIMIZE or REPAIR TABLE.</summary>
    public static TableMaintenanceStatement Table(ref TokenCursor cursor, TableMaintenance verb)
    {
        List<string> options = [];
        cursor.Advance();
        if (verb is TableMaintenance.Analyze or TableMaintenance.Optimize or TableMaintenance.Repair
            && cursor.Current.Keyword is Keyword.NO_WRITE_TO_BINLOG or Keyword.LOCAL)
        {
            cursor.Advance();
            options.Add("LOCAL");
        }

        if (!cursor.Accept(Keyword.TABLE))
            cursor.Expect(Keyword.TABLES);
        ObjectName[] tables = cursor.ObjectNames();
        while (cursor.Current.Keyword is Keyword.QUICK or Keyword.FAST or Keyword.MEDIUM or Keyword.EXTENDED or Keyword.CHANGED or Keyword.USE_FRM
            && verb is not (TableMaintenance.Analyze or TableMaintenance.Optimize))
        {
            options.Add(cursor.AnyWord().ToUpperInvariant());
        }

        if (verb == TableMaintenance.Check && cursor.Accept(Keyword.FOR, Keyword.UPGRADE))
            options.Add("FOR UPGRADE");
        HistogramChange? histogram = verb == TableMaintenance.Analyze ? TryHistogram(ref cursor) : null;
        return new TableMaintenanceStatement(verb, tables) { Options = [.. options], Histogram = histogram };
    }

    private static HistogramChange? TryHistogram(ref TokenCursor cursor)
    {
        bool isDrop = cursor.Is(Keyword.DROP);
        if (!isDrop && !cursor.Is(Keyword.UPDATE))
            return null;
        cursor.Advance();
        cursor.Expect(Keyword.HISTOGRAM, Keyword.ON);
        var change = new HistogramChange(isDrop, cursor.Names(), null);
        if (isDrop)
            return change;
        if (cursor.Accept(Keyword.USING))
        {
            cursor.Expect(Keyword.DATA);
            return change with { Data = cursor.StringBytes() };
        }

        if (cursor.Accept(Keyword.WITH))
        {
            change = change with { Buckets = cursor.Number() };
            cursor.Expect(Keyword.BUCKETS);
        }

        if (cursor.Current.Keyword is Keyword.AUTO or Keyword.MANUAL)
        {
            change = change with { IsAutomatic = cursor.Is(Keyword.AUTO) };
            cursor.Advance();
            cursor.Expect(Keyword.UPDATE);
        }

        return change;
    }

    /// <summary>Parses FLUSH.</summary>
    public static FlushStatement Flush(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.FLUSH);
        bool isLocal = cursor.Accept(Keyword.NO_WRITE_TO_BINLOG) || cursor.Accept(Keyword.LOCAL);
        if (cursor.Accept(Keyword.TABLES) || cursor.Accept(Keyword.TABLE))
        {
            var flush = new FlushStatement(["TABLES"], isLocal) { Tables = cursor.IsName() ? cursor.ObjectNames() : [] };
            if (cursor.Accept(Keyword.WITH, Keyword.READ))
            {
                cursor.Expect(Keyword.LOCK);
                return flush with { WithReadLock = true };
            }

            return cursor.Accept(Keyword.FOR, Keyword.EXPORT) ? flush with { ForExport = true } : flush;
        }

        List<string> items = [];
        do
            items.Add(FlushItem(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        return new FlushStatement([.. items], isLocal);
    }

    private static string FlushItem(ref TokenCursor cursor)
    {
        Keyword first = cursor.Current.Keyword;
        switch (first)
        {
            case Keyword.BINARY or Keyword.ENGINE or Keyword.ERROR or Keyword.GENERAL or Keyword.SLOW:
                cursor.Advance();
                cursor.Expect(Keyword.LOGS);
                return $"{first} LOGS";
            case Keyword.RELAY:
                cursor.Advance();
                cursor.Expect(Keyword.LOGS);
                return cursor.Accept(Keyword.FOR, Keyword.CHANNEL) ? "RELAY LOGS " + cursor.StringText() : "RELAY LOGS";
            case Keyword.PRIVILEGES or Keyword.LOGS or Keyword.STATUS or Keyword.HOSTS or Keyword.USER_RESOURCES or Keyword.OPTIMIZER_COSTS:
                cursor.Advance();
                return first.ToString();
            default:
                throw cursor.Fail();
        }
    }

    /// <summary>Parses LOCK TABLES and LOCK INSTANCE.</summary>
    public static Statement Lock(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.LOCK);
        if (cursor.Accept(Keyword.INSTANCE))
        {
            cursor.Expect(Keyword.FOR, Keyword.BACKUP);
            return new LockInstanceStatement();
        }

        if (!cursor.Accept(Keyword.TABLES))
            cursor.Expect(Keyword.TABLE);
        List<TableLock> locks = [];
        do
        {
            ObjectName name = cursor.ObjectName();
            string? alias = cursor.Accept(Keyword.AS) || cursor.IsName() ? cursor.Name() : null;
            if (cursor.Accept(Keyword.READ))
            {
                locks.Add(new TableLock(name, alias, false, cursor.Accept(Keyword.LOCAL)));
            }
            else
            {
                cursor.Accept(Keyword.LOW_PRIORITY);
                cursor.Expect(Keyword.WRITE);
                locks.Add(new TableLock(name, alias, true, false));
            }
        }
        while (cursor.Accept(TokenKind.Comma));
        return new LockTablesStatement([.. locks]);
    }

    /// <summary>Parses UNLOCK TABLES and UNLOCK INSTANCE.</summary>
    public static UnlockTablesStatement Unlock(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.UNLOCK);
        if (cursor.Accept(Keyword.INSTANCE))
            return new UnlockTablesStatement(true);
        if (!cursor.Accept(Keyword.TABLES))
            cursor.Expect(Keyword.TABLE);
        return new UnlockTablesStatement(false);
    }

    /// <summary>Parses KILL.</summary>
    public static KillStatement Kill(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.KILL);
        bool isQuery = cursor.Accept(Keyword.QUERY);
        if (!isQuery)
            cursor.Accept(Keyword.CONNECTION);
        return new KillStatement(Expressions.ExpressionParser.Parse(ref cursor), isQuery);
    }
}
