using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses ALTER TABLE.</summary>
internal static class AlterTableParser
{
    /// <summary>Parses from TABLE on.</summary>
    public static AlterTableStatement Parse(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.TABLE);
        ObjectName name = cursor.ObjectName();
        List<AlterAction> actions = [];
        while (cursor.Current.Kind is not (TokenKind.End or TokenKind.Semicolon))
        {
            Action(ref cursor, actions);
            if (!cursor.Accept(TokenKind.Comma) && AlterPartitionParser.EndsActions(cursor))
                break;
        }

        if (cursor.Is(Keyword.PARTITION, Keyword.BY) || cursor.Is(Keyword.REMOVE))
            AlterPartitionParser.TryParse(ref cursor, actions);
        return new AlterTableStatement(name, [.. actions]);
    }

    private static void Action(ref TokenCursor cursor, List<AlterAction> actions)
    {
        if (AlterPartitionParser.TryParse(ref cursor, actions))
            return;
        switch (cursor.Current.Keyword)
        {
            case Keyword.ADD:
                cursor.Advance();
                Add(ref cursor, actions);
                return;
            case Keyword.MODIFY:
                cursor.Advance();
                cursor.Accept(Keyword.COLUMN);
                actions.Add(new ModifyColumnAction(ColumnParser.Parse(ref cursor), TryPlace(ref cursor)));
                return;
            case Keyword.CHANGE:
                cursor.Advance();
                cursor.Accept(Keyword.COLUMN);
                string oldName = ColumnParser.Name(ref cursor);
                actions.Add(new ChangeColumnAction(oldName, ColumnParser.Parse(ref cursor), TryPlace(ref cursor)));
                return;
            case Keyword.DROP:
                cursor.Advance();
                actions.Add(Drop(ref cursor));
                return;
            case Keyword.ALTER:
                cursor.Advance();
                actions.Add(Alter(ref cursor));
                return;
            case Keyword.RENAME:
                cursor.Advance();
                actions.Add(Rename(ref cursor));
                return;
            default:
                actions.Add(Other(ref cursor));
                return;
        }
    }

    private static void Add(ref TokenCursor cursor, List<AlterAction> actions)
    {
        bool hasColumn = cursor.Accept(Keyword.COLUMN);
        if (cursor.Accept(TokenKind.OpenParen))
        {
            do
            {
                TableElement element = TableElementParser.Parse(ref cursor);
                actions.Add(element is ColumnDefinition column ? new AddColumnAction(column, null) : new AddElementAction(element));
            }
            while (cursor.Accept(TokenKind.Comma));
            cursor.Expect(TokenKind.CloseParen);
            return;
        }

        if (!hasColumn && TableElementParser.TryConstraint(ref cursor) is { } constraint)
            actions.Add(new AddElementAction(constraint));
        else
            actions.Add(new AddColumnAction(ColumnParser.Parse(ref cursor), TryPlace(ref cursor)));
    }

    private static ColumnPlace? TryPlace(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.FIRST))
            return new ColumnPlace((string?)null);
        return cursor.Accept(Keyword.AFTER) ? new ColumnPlace(ColumnParser.Name(ref cursor)) : null;
    }

    private static DropElementAction Drop(ref TokenCursor cursor)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.PRIMARY:
                cursor.Expect(Keyword.PRIMARY, Keyword.KEY);
                return new DropElementAction(DroppedElement.PrimaryKey, null);
            case Keyword.FOREIGN:
                cursor.Expect(Keyword.FOREIGN, Keyword.KEY);
                return new DropElementAction(DroppedElement.ForeignKey, cursor.Name());
            case Keyword.INDEX or Keyword.KEY:
                cursor.Advance();
                return new DropElementAction(DroppedElement.Index, cursor.Is(Keyword.PRIMARY) ? cursor.AnyWord() : cursor.Name());
            case Keyword.CHECK:
                cursor.Advance();
                return new DropElementAction(DroppedElement.Check, cursor.Name());
            case Keyword.CONSTRAINT:
                cursor.Advance();
                return new DropElementAction(DroppedElement.Constraint, cursor.Name());
            default:
                cursor.Accept(Keyword.COLUMN);
                var drop = new DropElementAction(DroppedElement.Column, ColumnParser.Name(ref cursor));
                if (!cursor.Accept(Keyword.RESTRICT))
                    cursor.Accept(Keyword.CASCADE);
                return drop;
        }
    }

    private static AlterAction Alter(ref TokenCursor cursor)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.INDEX or Keyword.KEY:
                cursor.Advance();
                return new SetIndexVisibilityAction(cursor.Name(), Visibility(ref cursor));
            case Keyword.CHECK or Keyword.CONSTRAINT:
                cursor.Advance();
                string constraint = cursor.Name();
                bool isEnforced = !cursor.Accept(Keyword.NOT);
                cursor.Expect(Keyword.ENFORCED);
                return new SetEnforcedAction(constraint, isEnforced);
            default:
                break;
        }

        cursor.Accept(Keyword.COLUMN);
        string column = ColumnParser.Name(ref cursor);
        if (cursor.Accept(Keyword.DROP))
        {
            cursor.Expect(Keyword.DEFAULT);
            return new SetDefaultAction(column, null, false);
        }

        cursor.Expect(Keyword.SET);
        if (!cursor.Accept(Keyword.DEFAULT))
            return new SetColumnVisibilityAction(column, Visibility(ref cursor));
        (ExpressionNode value, bool isExpression) = ColumnParser.DefaultValue(ref cursor);
        return new SetDefaultAction(column, value, isExpression);
    }

    private static bool Visibility(ref TokenCursor cursor)
    {
        bool isVisible = cursor.Accept(Keyword.VISIBLE);
        if (!isVisible)
            cursor.Expect(Keyword.INVISIBLE);
        return isVisible;
    }

    private static AlterAction Rename(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.COLUMN))
        {
            string oldName = ColumnParser.Name(ref cursor);
            cursor.Expect(Keyword.TO);
            return new RenameColumnAction(oldName, cursor.Name());
        }

        if (cursor.Accept(Keyword.INDEX) || cursor.Accept(Keyword.KEY))
        {
            string oldName = cursor.Name();
            cursor.Expect(Keyword.TO);
            return new RenameIndexAction(oldName, cursor.Name());
        }

        if (!cursor.Accept(Keyword.TO) && !cursor.Accept(TokenKind.Equal))
            cursor.Accept(Keyword.AS);
        return new RenameTableAction(cursor.ObjectName());
    }

    private static AlterAction Other(ref TokenCursor cursor)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.CONVERT:
                cursor.Expect(Keyword.CONVERT, Keyword.TO);
                string? characterSet = IntoParser.TryCharacterSet(ref cursor) ?? throw cursor.Fail();
                if (characterSet.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase))
                    characterSet = null;
                return new ConvertCharacterSetAction(characterSet, cursor.Accept(Keyword.COLLATE) ? cursor.CharacterSetName() : null);
            case Keyword.ENABLE or Keyword.DISABLE:
                bool isEnabled = cursor.Is(Keyword.ENABLE);
                cursor.Advance();
                cursor.Expect(Keyword.KEYS);
                return new SetKeysAction(isEnabled);
            case Keyword.DISCARD or Keyword.IMPORT:
                bool isImport = cursor.Is(Keyword.IMPORT);
                cursor.Advance();
                cursor.Expect(Keyword.TABLESPACE);
                return new TablespaceAction(isImport);
            case Keyword.ORDER:
                return new OrderRowsAction(QueryParser.TryOrderBy(ref cursor));
            case Keyword.FORCE:
                cursor.Advance();
                return new ForceAction();
            case Keyword.ALGORITHM or Keyword.LOCK:
                string name = cursor.AnyWord().ToUpperInvariant();
                cursor.Accept(TokenKind.Equal);
                return new SetTableOptionAction(new TableOption(name, cursor.AnyWord().ToUpperInvariant(), false));
            case Keyword.WITH or Keyword.WITHOUT:
                string value = cursor.AnyWord().ToUpperInvariant();
                cursor.Expect(Keyword.VALIDATION);
                return new SetTableOptionAction(new TableOption("VALIDATION", value, false));
            case Keyword.SECONDARY_LOAD or Keyword.SECONDARY_UNLOAD:
                return new SetTableOptionAction(new TableOption(cursor.AnyWord().ToUpperInvariant(), string.Empty, false));
            default:
                return new SetTableOptionAction(TableOptionParser.TryParse(ref cursor) ?? throw cursor.Fail());
        }
    }
}
