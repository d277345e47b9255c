using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Definitions;

namespace P2PDB.Engine.Sql.Programs;

/// <summary>Parses CREATE TRIGGER.</summary>
internal static class TriggerParser
{
    /// <summary>Parses from TRIGGER on.</summary>
    public static CreateTriggerStatement Parse(ref TokenCursor cursor, AccountName? definer)
    {
        cursor.Expect(Keyword.TRIGGER);
        bool ifNotExists = CreateTableParser.AcceptIfNotExists(ref cursor);
        ObjectName name = cursor.ObjectName();
        bool isBefore = cursor.Accept(Keyword.BEFORE);
        if (!isBefore)
            cursor.Expect(Keyword.AFTER);
        TriggerEvent @event = cursor.Current.Keyword switch
        {
            Keyword.INSERT => TriggerEvent.Insert,
            Keyword.UPDATE => TriggerEvent.Update,
            Keyword.DELETE => TriggerEvent.Delete,
            _ => throw cursor.Fail(),
        };
        cursor.Advance();
        cursor.Expect(Keyword.ON);
        ObjectName table = cursor.ObjectName();
        cursor.Expect(Keyword.FOR, Keyword.EACH);
        cursor.Expect(Keyword.ROW);
        string? neighbour = null;
        bool isFollowing = cursor.Is(Keyword.FOLLOWS);
        if (isFollowing || cursor.Is(Keyword.PRECEDES))
        {
            cursor.Advance();
            neighbour = cursor.NameOrString();
        }

        Statement body = BlockParser.Body(ref cursor, out string text);
        return new CreateTriggerStatement(name, isBefore, @event, table, body)
        {
            BodyText = text,
            Definer = definer,
            IfNotExists = ifNotExists,
            Neighbour = neighbour,
            IsFollowing = isFollowing,
        };
    }
}
