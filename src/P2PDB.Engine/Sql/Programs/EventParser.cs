using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Programs;

/// <summary>Parses CREATE and ALTER EVENT.</summary>
internal static class EventParser
{
    /// <summary>Parses from EVENT on.</summary>
    public static EventStatement Parse(ref TokenCursor cursor, bool isAlter, AccountName? definer)
    {
        cursor.Expect(Keyword.EVENT);
        bool ifNotExists = !isAlter && CreateTableParser.AcceptIfNotExists(ref cursor);
        var result = new EventStatement(cursor.ObjectName(), isAlter) { Definer = definer, IfNotExists = ifNotExists };
        int start = cursor.Current.Start;
        if (cursor.Accept(Keyword.ON, Keyword.SCHEDULE))
            result = Schedule(ref cursor, result);
        else if (!isAlter)
            throw cursor.Fail();

        if (cursor.Accept(Keyword.ON, Keyword.COMPLETION))
        {
            result = result with { IsPreserved = !cursor.Accept(Keyword.NOT) };
            cursor.Expect(Keyword.PRESERVE);
        }

        if (isAlter && cursor.Accept(Keyword.RENAME, Keyword.TO))
            result = result with { NewName = cursor.ObjectName() };
        if (cursor.Accept(Keyword.ENABLE))
        {
            result = result with { State = "ENABLE" };
        }
        else if (cursor.Accept(Keyword.DISABLE))
        {
            bool onReplica = cursor.Accept(Keyword.ON);
            if (onReplica && !cursor.Accept(Keyword.REPLICA))
                cursor.Expect(Keyword.SLAVE);
            result = result with { State = onReplica ? "DISABLE ON REPLICA" : "DISABLE" };
        }

        if (cursor.Accept(Keyword.COMMENT))
            result = result with { Comment = cursor.StringText() };
        if (cursor.Accept(Keyword.DO))
        {
            Statement body = BlockParser.Body(ref cursor, out string text);
            result = result with { Body = body, BodyText = text };
        }
        else if (!isAlter || cursor.Current.Start == start)
        {
            throw cursor.Fail();
        }

        return result;
    }

    private static EventStatement Schedule(ref TokenCursor cursor, EventStatement result)
    {
        if (cursor.Accept(Keyword.AT))
            return result with { At = ExpressionParser.Parse(ref cursor) };
        cursor.Expect(Keyword.EVERY);
        ExpressionNode every = ExpressionParser.Parse(ref cursor);
        IntervalUnit unit = IntervalUnits.Take(ref cursor);
        ExpressionNode? starts = cursor.Accept(Keyword.STARTS) ? ExpressionParser.Parse(ref cursor) : null;
        ExpressionNode? ends = cursor.Accept(Keyword.ENDS) ? ExpressionParser.Parse(ref cursor) : null;
        return result with { Every = every, EveryUnit = unit, Starts = starts, Ends = ends };
    }
}
