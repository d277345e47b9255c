using P2PDB.Engine.Sql.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Parses SET in all its forms.</summary>
internal static class SetParser
{
    /// <summary>Parses the statement whose word stands here.</summary>
    public static Statement Parse(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.SET);
        switch (cursor.Current.Keyword)
        {
            case Keyword.PASSWORD when cursor.Next.Kind is not (TokenKind.Dot or TokenKind.Assign):
                return Password(ref cursor);
            case Keyword.ROLE when !cursor.IsNext(TokenKind.Equal) && !cursor.IsNext(TokenKind.Assign):
                cursor.Advance();
                return new SetRoleStatement(AccountParser.Selection(ref cursor));
            case Keyword.DEFAULT when cursor.IsNext(Keyword.ROLE):
                cursor.Expect(Keyword.DEFAULT, Keyword.ROLE);
                RoleSelection roles = AccountParser.Selection(ref cursor);
                cursor.Expect(Keyword.TO);
                return new SetDefaultRoleStatement(roles, AccountParser.Names(ref cursor));
            case Keyword.RESOURCE when cursor.IsNext(Keyword.GROUP):
                return OtherParser.Parse(ref cursor, cursor.Current.Start);
            case Keyword.TRANSACTION when !cursor.IsNext(TokenKind.Equal):
                cursor.Advance();
                return TransactionParser.Characteristics(ref cursor, VariableScope.None);
            case Keyword.GLOBAL or Keyword.SESSION or Keyword.LOCAL when cursor.IsNext(Keyword.TRANSACTION):
                VariableScope scope = OperandParser.Scope(cursor.Current.Keyword);
                cursor.Advance();
                cursor.Advance();
                if (cursor.Current.Keyword is Keyword.ISOLATION or Keyword.READ)
                    return TransactionParser.Characteristics(ref cursor, scope);
                throw cursor.Fail();
            default:
                break;
        }

        List<SetItem> items = [];
        VariableScope current = VariableScope.None;
        do
            items.Add(Item(ref cursor, ref current));
        while (cursor.Accept(TokenKind.Comma));
        return new SetStatement([.. items]);
    }

    private static SetItem Item(ref TokenCursor cursor, ref VariableScope current)
    {
        switch (cursor.Current.Kind)
        {
            case TokenKind.UserVariable:
                string name = OperandParser.VariableName(ref cursor);
                ExpectAssign(ref cursor);
                return new SetUserVariable(name, ExpressionParser.Parse(ref cursor));
            case TokenKind.DoubleAt:
                cursor.Advance();
                VariableScope scope = OperandParser.Scope(cursor.Current.Keyword);
                if (scope != VariableScope.None && cursor.IsNext(TokenKind.Dot))
                {
                    cursor.Advance();
                    cursor.Advance();
                }
                else
                {
                    scope = VariableScope.Session;
                }

                return Variable(ref cursor, scope);
            default:
                break;
        }

        if (cursor.Is(Keyword.NAMES) && cursor.Next.Kind is not (TokenKind.Equal or TokenKind.Assign))
            return Names(ref cursor);
        if (cursor.Is(Keyword.CHARSET) || cursor.Is(Keyword.CHARACTER, Keyword.SET) || cursor.Is(Keyword.CHAR, Keyword.SET))
        {
            string? set = IntoParser.TryCharacterSet(ref cursor);
            return new SetCharacterSet("DEFAULT".Equals(set, StringComparison.OrdinalIgnoreCase) ? null : set);
        }

        // A scope word holds for the items behind it that have none: SET GLOBAL a = 1, b = 2 sets both globally.
        VariableScope word = OperandParser.Scope(cursor.Current.Keyword);
        if (word != VariableScope.None && cursor.Next.Kind is TokenKind.Word or TokenKind.QuotedIdentifier)
        {
            cursor.Advance();
            current = word;
        }

        return Variable(ref cursor, current);
    }

    private static SetSystemVariable Variable(ref TokenCursor cursor, VariableScope scope)
    {
        string? component = null;
        string name = cursor.Is(Keyword.DEFAULT) ? cursor.AnyWord() : cursor.Name();
        if (cursor.Accept(TokenKind.Dot))
            (component, name) = (name, cursor.AnyWord());
        ExpectAssign(ref cursor);
        return new SetSystemVariable(scope, component, name, Value(ref cursor));
    }

    private static void ExpectAssign(ref TokenCursor cursor)
    {
        if (!cursor.Accept(TokenKind.Equal))
            cursor.Expect(TokenKind.Assign);
    }

    // Besides expressions: DEFAULT, and the reserved words ON, ALL, BINARY, ROW and SYSTEM, which stand for their text.
    private static ExpressionNode? Value(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        bool ends = cursor.Next.Kind is TokenKind.End or TokenKind.Comma or TokenKind.Semicolon || cursor.Next.Keyword is Keyword.FOR;
        switch (token.Keyword)
        {
            case Keyword.DEFAULT when !cursor.IsNext(TokenKind.OpenParen):
                cursor.Advance();
                return null;
            case Keyword.ON or Keyword.ALL or Keyword.BINARY or Keyword.ROW or Keyword.SYSTEM when ends:
                return new StringLiteral(System.Text.Encoding.UTF8.GetBytes(cursor.AnyWord())) { Position = token.Start };
            default:
                return ExpressionParser.Parse(ref cursor);
        }
    }

    private static SetNames Names(ref TokenCursor cursor)
    {
        cursor.Advance();
        if (cursor.Accept(Keyword.DEFAULT))
            return new SetNames(null, null);
        string characterSet = cursor.CharacterSetName();
        return new SetNames(characterSet, cursor.Accept(Keyword.COLLATE) ? cursor.CharacterSetName() : null);
    }

    private static SetPasswordStatement Password(ref TokenCursor cursor)
    {
        cursor.Advance();
        AccountName? account = cursor.Accept(Keyword.FOR) ? AccountParser.Name(ref cursor) : null;
        var password = new AccountAuthentication((string?)null);
        if (cursor.Accept(Keyword.TO))
        {
            cursor.Expect(Keyword.RANDOM);
            password = password with { IsRandom = true };
        }
        else
        {
            ExpectAssign(ref cursor);
            password = password with { Password = cursor.StringBytes() };
        }

        return new SetPasswordStatement(account, AccountParser.Changes(ref cursor, password));
    }
}
