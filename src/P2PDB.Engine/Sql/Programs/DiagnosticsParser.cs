using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Programs;

/// <summary>Parses SIGNAL, RESIGNAL, GET DIAGNOSTICS and handler conditions.</summary>
internal static class DiagnosticsParser
{
    /// <summary>Parses an error number or SQLSTATE.</summary>
    public static HandlerCondition Value(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.SQLSTATE))
            return new HandlerCondition(cursor.SmallNumber(), null, null, null);
        cursor.Accept(Keyword.VALUE);
        int start = cursor.Current.Start;
        string state = cursor.StringText();
        return state.Length == 5 && !state.StartsWith("00", StringComparison.Ordinal)
            ? new HandlerCondition(null, state, null, null)
            : throw SyntaxErrors.Other(1407, "42000", $"Bad SQLSTATE: '{cursor.TextFrom(start).Trim('\'')}'");
    }

    /// <summary>Parses what a handler handles.</summary>
    public static HandlerCondition Condition(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.SQLWARNING))
            return new HandlerCondition(null, null, null, ConditionClass.Warning);
        if (cursor.Accept(Keyword.SQLEXCEPTION))
            return new HandlerCondition(null, null, null, ConditionClass.Exception);
        if (cursor.Accept(Keyword.NOT, Keyword.FOUND))
            return new HandlerCondition(null, null, null, ConditionClass.NotFound);
        return cursor.IsName() ? new HandlerCondition(null, null, cursor.Name(), null) : Value(ref cursor);
    }

    /// <summary>Parses SIGNAL and RESIGNAL.</summary>
    public static SignalStatement Signal(ref TokenCursor cursor)
    {
        bool isResignal = cursor.Is(Keyword.RESIGNAL);
        cursor.Advance();
        HandlerCondition? condition = null;
        if (cursor.Is(Keyword.SQLSTATE))
            condition = Value(ref cursor);
        else if (cursor.IsName())
            condition = new HandlerCondition(null, null, cursor.Name(), null);
        else if (!isResignal)
            throw cursor.Fail();

        List<SignalItem> items = [];
        if (cursor.Accept(Keyword.SET))
        {
            do
            {
                string name = ItemName(ref cursor);
                cursor.Expect(TokenKind.Equal);
                items.Add(new SignalItem(name, OperandParser.Parse(ref cursor)));
            }
            while (cursor.Accept(TokenKind.Comma));
        }

        return new SignalStatement(isResignal, condition, [.. items]);
    }

    /// <summary>Parses GET DIAGNOSTICS.</summary>
    public static GetDiagnosticsStatement Get(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.GET);
        bool isStacked = cursor.Accept(Keyword.STACKED);
        if (!isStacked)
            cursor.Accept(Keyword.CURRENT);
        cursor.Expect(Keyword.DIAGNOSTICS);
        ExpressionNode? condition = cursor.Accept(Keyword.CONDITION) ? OperandParser.Parse(ref cursor) : null;
        List<DiagnosticsItem> items = [];
        do
        {
            ExpressionNode target = cursor.Is(TokenKind.UserVariable)
                ? new UserVariableNode(OperandParser.VariableName(ref cursor))
                : OperandParser.Column(ref cursor);
            cursor.Expect(TokenKind.Equal);
            string name = condition is null ? StatementItemName(ref cursor) : ItemName(ref cursor, true);
            items.Add(new DiagnosticsItem(target, name));
        }
        while (cursor.Accept(TokenKind.Comma));
        return new GetDiagnosticsStatement(isStacked, condition, [.. items]);
    }

    private static string StatementItemName(ref TokenCursor cursor) =>
        cursor.Current.Keyword is Keyword.NUMBER or Keyword.ROW_COUNT ? cursor.AnyWord().ToUpperInvariant() : throw cursor.Fail();

    private static string ItemName(ref TokenCursor cursor, bool mayBeState = false)
    {
        bool isKnown = cursor.Current.Keyword is Keyword.CLASS_ORIGIN or Keyword.SUBCLASS_ORIGIN or Keyword.CONSTRAINT_CATALOG
            or Keyword.CONSTRAINT_SCHEMA or Keyword.CONSTRAINT_NAME or Keyword.CATALOG_NAME or Keyword.SCHEMA_NAME or Keyword.TABLE_NAME
            or Keyword.COLUMN_NAME or Keyword.CURSOR_NAME or Keyword.MESSAGE_TEXT or Keyword.MYSQL_ERRNO
            || (mayBeState && cursor.Is(Keyword.RETURNED_SQLSTATE));
        return isKnown ? cursor.AnyWord().ToUpperInvariant() : throw cursor.Fail();
    }
}
