using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses ALTER TABLE's actions on partitions.</summary>
internal static class AlterPartitionParser
{
    /// <summary>True where no further action follows without a comma. Table options need none.</summary>
    public static bool EndsActions(in TokenCursor cursor) =>
        cursor.Current.Kind is TokenKind.End or TokenKind.Semicolon || cursor.Is(Keyword.PARTITION, Keyword.BY) || cursor.Is(Keyword.REMOVE)
        || cursor.Current.Keyword is Keyword.ADD or Keyword.DROP or Keyword.MODIFY or Keyword.CHANGE or Keyword.ALTER or Keyword.RENAME;

    /// <summary>Parses the action where it is on partitions; false, having taken nothing, where it is not.</summary>
    public static bool TryParse(ref TokenCursor cursor, List<AlterAction> actions)
    {
        Keyword verb = cursor.Current.Keyword;
        if (verb == Keyword.PARTITION && cursor.IsNext(Keyword.BY))
        {
            actions.Add(new RepartitionAction(PartitionParser.TryParse(ref cursor)));
            return true;
        }

        if (verb == Keyword.REMOVE)
        {
            cursor.Advance();
            cursor.Expect(Keyword.PARTITIONING);
            actions.Add(new RepartitionAction(null));
            return true;
        }

        if (!cursor.IsNext(Keyword.PARTITION))
            return false;

        AlterAction? action = verb switch
        {
            Keyword.ADD => Add(ref cursor),
            Keyword.DROP or Keyword.TRUNCATE or Keyword.ANALYZE or Keyword.CHECK or Keyword.OPTIMIZE or Keyword.REBUILD or Keyword.REPAIR
                or Keyword.DISCARD or Keyword.IMPORT => Verb(ref cursor),
            Keyword.COALESCE => Coalesce(ref cursor),
            Keyword.REORGANIZE => Reorganize(ref cursor),
            Keyword.EXCHANGE => Exchange(ref cursor),
            _ => null,
        };
        if (action is null)
            return false;
        actions.Add(action);
        return true;
    }

    private static void Start(ref TokenCursor cursor)
    {
        cursor.Advance();
        cursor.Advance();
        if (!cursor.Accept(Keyword.NO_WRITE_TO_BINLOG))
            cursor.Accept(Keyword.LOCAL);
    }

    private static AddPartitionAction Add(ref TokenCursor cursor)
    {
        Start(ref cursor);
        return cursor.Accept(Keyword.PARTITIONS)
            ? new AddPartitionAction([], cursor.Number())
            : new AddPartitionAction(PartitionParser.Definitions(ref cursor), null);
    }

    private static PartitionVerbAction Verb(ref TokenCursor cursor)
    {
        string verb = cursor.Current.Keyword.ToString();
        Start(ref cursor);
        var action = new PartitionVerbAction(verb, cursor.Accept(Keyword.ALL) ? [] : cursor.Names());
        while (cursor.Current.Keyword is Keyword.QUICK or Keyword.FAST or Keyword.MEDIUM or Keyword.EXTENDED or Keyword.CHANGED or Keyword.USE_FRM or Keyword.TABLESPACE)
            cursor.Advance();
        if (cursor.Accept(Keyword.FOR))
            cursor.Expect(Keyword.UPGRADE);
        return action;
    }

    private static CoalescePartitionAction Coalesce(ref TokenCursor cursor)
    {
        Start(ref cursor);
        return new CoalescePartitionAction(cursor.Number());
    }

    private static ReorganizePartitionAction Reorganize(ref TokenCursor cursor)
    {
        Start(ref cursor);
        if (!cursor.IsName())
            return new ReorganizePartitionAction([], []);
        string[] names = cursor.Names();
        cursor.Expect(Keyword.INTO);
        return new ReorganizePartitionAction(names, PartitionParser.Definitions(ref cursor));
    }

    private static ExchangePartitionAction Exchange(ref TokenCursor cursor)
    {
        Start(ref cursor);
        string partition = cursor.Name();
        cursor.Expect(Keyword.WITH, Keyword.TABLE);
        ObjectName table = cursor.ObjectName();
        bool isValidated = true;
        if (cursor.Accept(Keyword.WITHOUT, Keyword.VALIDATION))
            isValidated = false;
        else
            cursor.Accept(Keyword.WITH, Keyword.VALIDATION);
        return new ExchangePartitionAction(partition, table, isValidated);
    }
}
