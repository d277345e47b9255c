using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Programs;

/// <summary>Parses the statements that only routines, triggers and events hold.</summary>
internal static class BlockParser
{
    /// <summary>Parses a body and gives its text.</summary>
    public static Statement Body(ref TokenCursor cursor, out string text)
    {
        bool outer = cursor.InRoutine;
        cursor.InRoutine = true;
        int start = cursor.Current.Start;
        Statement body = One(ref cursor);
        cursor.InRoutine = outer;
        text = cursor.TextFrom(start);
        return body;
    }

    private static Statement One(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        string? label = null;
        if (cursor.IsName() && cursor.IsNext(TokenKind.Colon))
        {
            label = cursor.Name();
            cursor.Advance();
        }

        Statement? statement = cursor.Current.Keyword switch
        {
            Keyword.BEGIN => Block(ref cursor, label),
            Keyword.LOOP => Loop(ref cursor, label),
            Keyword.WHILE => While(ref cursor, label),
            Keyword.REPEAT => Repeat(ref cursor, label),
            _ => label is null ? Unlabelled(ref cursor) : throw cursor.Fail(),
        };
        cursor.Leave(outer);
        return statement;
    }

    private static Statement Unlabelled(ref TokenCursor cursor)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.IF:
                return If(ref cursor);
            case Keyword.CASE:
                return Case(ref cursor);
            case Keyword.LEAVE or Keyword.ITERATE:
                bool isIterate = cursor.Is(Keyword.ITERATE);
                cursor.Advance();
                return new JumpStatement(cursor.Name(), isIterate);
            case Keyword.RETURN:
                cursor.Advance();
                return new ReturnStatement(ExpressionParser.Parse(ref cursor));
            case Keyword.OPEN or Keyword.CLOSE:
                bool isClose = cursor.Is(Keyword.CLOSE);
                cursor.Advance();
                return new CursorStatement(cursor.Name(), isClose);
            case Keyword.FETCH:
                return Fetch(ref cursor);
            default:
                return StatementParser.Parse(ref cursor);
        }
    }

    private static FetchStatement Fetch(ref TokenCursor cursor)
    {
        cursor.Advance();
        if (cursor.Accept(Keyword.NEXT))
            cursor.Expect(Keyword.FROM);
        else
            cursor.Accept(Keyword.FROM);
        string name = cursor.Name();
        cursor.Expect(Keyword.INTO);
        return new FetchStatement(name, cursor.Names());
    }

    // Statements up to a word that ends the list, each with its semicolon.
    private static Statement[] List(ref TokenCursor cursor)
    {
        List<Statement> statements = [];
        while (cursor.Current.Keyword is not (Keyword.END or Keyword.ELSE or Keyword.ELSEIF or Keyword.UNTIL or Keyword.WHEN))
        {
            statements.Add(One(ref cursor));
            cursor.Expect(TokenKind.Semicolon);
        }

        return [.. statements];
    }

    private static Statement[] Some(ref TokenCursor cursor)
    {
        Statement[] statements = List(ref cursor);
        return statements.Length > 0 ? statements : throw cursor.Fail();
    }

    private static void EndLabel(ref TokenCursor cursor, string? label)
    {
        if (!cursor.IsName())
            return;
        Token token = cursor.Current;
        string name = cursor.Name();
        if (label is null)
            throw cursor.FailAt(token.Start);
        if (!name.Equals(label, StringComparison.OrdinalIgnoreCase))
            throw SyntaxErrors.Other(1310, "42000", $"End-label {name} without match");
    }

    private static BlockStatement Block(ref TokenCursor cursor, string? label)
    {
        cursor.Expect(Keyword.BEGIN);
        if (cursor.Accept(Keyword.NOT))
            throw cursor.Fail();
        List<Statement> declarations = [];
        while (cursor.Is(Keyword.DECLARE))
        {
            declarations.Add(Declare(ref cursor));
            cursor.Expect(TokenKind.Semicolon);
        }

        Statement[] statements = List(ref cursor);
        cursor.Expect(Keyword.END);
        EndLabel(ref cursor, label);
        return new BlockStatement(label, [.. declarations], statements);
    }

    private static Statement Declare(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.DECLARE);
        if (cursor.Current.Keyword is Keyword.CONTINUE or Keyword.EXIT or Keyword.UNDO && cursor.IsNext(Keyword.HANDLER))
            return Handler(ref cursor);
        string first = cursor.Name();
        if (cursor.Accept(Keyword.CURSOR))
        {
            cursor.Expect(Keyword.FOR);
            return new DeclareCursorStatement(first, QueryParser.Parse(ref cursor));
        }

        if (cursor.Accept(Keyword.CONDITION))
        {
            cursor.Expect(Keyword.FOR);
            return new DeclareConditionStatement(first, DiagnosticsParser.Value(ref cursor));
        }

        List<string> names = [first];
        while (cursor.Accept(TokenKind.Comma))
            names.Add(cursor.Name());
        DataTypeNode type = DataTypeParser.Parse(ref cursor);
        ExpressionNode? value = cursor.Accept(Keyword.DEFAULT) ? ExpressionParser.Parse(ref cursor) : null;
        return new DeclareVariableStatement([.. names], type, value);
    }

    private static DeclareHandlerStatement Handler(ref TokenCursor cursor)
    {
        HandlerAction action = cursor.Current.Keyword switch
        {
            Keyword.CONTINUE => HandlerAction.Continue,
            Keyword.EXIT => HandlerAction.Exit,
            _ => HandlerAction.Undo,
        };
        cursor.Advance();
        cursor.Expect(Keyword.HANDLER, Keyword.FOR);
        List<HandlerCondition> conditions = [];
        do
            conditions.Add(DiagnosticsParser.Condition(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        return new DeclareHandlerStatement(action, [.. conditions], One(ref cursor));
    }

    private static IfStatement If(ref TokenCursor cursor)
    {
        List<ConditionalBranch> branches = [];
        do
        {
            cursor.Advance();
            ExpressionNode condition = ExpressionParser.Parse(ref cursor);
            cursor.Expect(Keyword.THEN);
            branches.Add(new ConditionalBranch(condition, Some(ref cursor)));
        }
        while (cursor.Is(Keyword.ELSEIF));
        Statement[] otherwise = cursor.Accept(Keyword.ELSE) ? Some(ref cursor) : [];
        cursor.Expect(Keyword.END, Keyword.IF);
        return new IfStatement([.. branches], otherwise);
    }

    private static CaseStatement Case(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.CASE);
        ExpressionNode? operand = cursor.Is(Keyword.WHEN) ? null : ExpressionParser.Parse(ref cursor);
        List<ConditionalBranch> branches = [];
        while (cursor.Accept(Keyword.WHEN))
        {
            ExpressionNode condition = ExpressionParser.Parse(ref cursor);
            cursor.Expect(Keyword.THEN);
            branches.Add(new ConditionalBranch(condition, Some(ref cursor)));
        }

        if (branches.Count == 0)
            throw cursor.Fail();
        Statement[]? otherwise = cursor.Accept(Keyword.ELSE) ? Some(ref cursor) : null;
        cursor.Expect(Keyword.END, Keyword.CASE);
        return new CaseStatement(operand, [.. branches], otherwise);
    }

    private static LoopStatement Loop(ref TokenCursor cursor, string? label)
    {
        cursor.Expect(Keyword.LOOP);
        Statement[] statements = Some(ref cursor);
        cursor.Expect(Keyword.END, Keyword.LOOP);
        EndLabel(ref cursor, label);
        return new LoopStatement(label, statements);
    }

    private static WhileStatement While(ref TokenCursor cursor, string? label)
    {
        cursor.Expect(Keyword.WHILE);
        ExpressionNode condition = ExpressionParser.Parse(ref cursor);
        cursor.Expect(Keyword.DO);
        Statement[] statements = Some(ref cursor);
        cursor.Expect(Keyword.END, Keyword.WHILE);
        EndLabel(ref cursor, label);
        return new WhileStatement(label, condition, statements);
    }

    private static RepeatStatement Repeat(ref TokenCursor cursor, string? label)
    {
        cursor.Expect(Keyword.REPEAT);
        Statement[] statements = Some(ref cursor);
        cursor.Expect(Keyword.UNTIL);
        ExpressionNode until = ExpressionParser.Parse(ref cursor);
        cursor.Expect(Keyword.END, Keyword.REPEAT);
        EndLabel(ref cursor, label);
        return new RepeatStatement(label, statements, until);
    }
}
