using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Accounts;

/// <summary>Parses account names and CREATE, ALTER, DROP, RENAME USER and ROLE.</summary>
internal static class AccountParser
{
    /// <summary>Takes 'user'@'host', user, or CURRENT_USER.</summary>
    public static AccountName Name(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.CURRENT_USER))
        {
            if (cursor.Accept(TokenKind.OpenParen))
                cursor.Expect(TokenKind.CloseParen);
            return new AccountName(string.Empty, null, true);
        }

        string user = cursor.NameOrString();
        string? host = cursor.Is(TokenKind.UserVariable) ? OperandParser.VariableName(ref cursor) : null;
        return new AccountName(user, host?.ToLowerInvariant());
    }

    /// <summary>Takes account names separated by commas.</summary>
    public static AccountName[] Names(ref TokenCursor cursor)
    {
        List<AccountName> names = [Name(ref cursor)];
        while (cursor.Accept(TokenKind.Comma))
            names.Add(Name(ref cursor));
        return [.. names];
    }

    /// <summary>Parses from USER on, behind CREATE.</summary>
    public static CreateUserStatement CreateUser(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.USER);
        bool ifNotExists = CreateTableParser.AcceptIfNotExists(ref cursor);
        AccountSpecification[] accounts = Specifications(ref cursor);
        AccountName[] roles = cursor.Accept(Keyword.DEFAULT, Keyword.ROLE) ? Names(ref cursor) : [];
        return new CreateUserStatement(accounts, ifNotExists) { DefaultRoles = roles, Options = AccountOptionParser.List(ref cursor) };
    }

    /// <summary>Parses from USER on, behind ALTER.</summary>
    public static AlterUserStatement AlterUser(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.USER);
        bool ifExists = CreateTableParser.AcceptIfExists(ref cursor);
        AccountSpecification[] accounts = Specifications(ref cursor);
        RoleSelection? roles = cursor.Accept(Keyword.DEFAULT, Keyword.ROLE) ? Selection(ref cursor) : null;
        return new AlterUserStatement(accounts, ifExists) { DefaultRole = roles, Options = AccountOptionParser.List(ref cursor) };
    }

    /// <summary>Parses from ROLE on, behind CREATE.</summary>
    public static CreateRoleStatement CreateRole(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.ROLE);
        bool ifNotExists = CreateTableParser.AcceptIfNotExists(ref cursor);
        return new CreateRoleStatement(Names(ref cursor), ifNotExists);
    }

    /// <summary>Parses from USER or ROLE on, behind DROP.</summary>
    public static DropUserStatement Drop(ref TokenCursor cursor)
    {
        bool isRole = cursor.Is(Keyword.ROLE);
        cursor.Advance();
        bool ifExists = CreateTableParser.AcceptIfExists(ref cursor);
        return new DropUserStatement(Names(ref cursor), ifExists, isRole);
    }

    /// <summary>Parses from USER on, behind RENAME.</summary>
    public static RenameUserStatement Rename(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.USER);
        List<(AccountName From, AccountName To)> renames = [];
        do
        {
            AccountName from = Name(ref cursor);
            cursor.Expect(Keyword.TO);
            renames.Add((from, Name(ref cursor)));
        }
        while (cursor.Accept(TokenKind.Comma));
        return new RenameUserStatement([.. renames]);
    }

    /// <summary>Parses accounts with how they prove themselves.</summary>
    public static AccountSpecification[] Specifications(ref TokenCursor cursor)
    {
        List<AccountSpecification> accounts = [];
        do
        {
            AccountName name = Name(ref cursor);
            // USER(), which ALTER USER takes, is the current account.
            if (name is { User: "USER" or "user", Host: null } && cursor.Accept(TokenKind.OpenParen))
            {
                cursor.Expect(TokenKind.CloseParen);
                name = new AccountName(string.Empty, null, true);
            }

            accounts.Add(new AccountSpecification(name, TryAuthentication(ref cursor)));
        }
        while (cursor.Accept(TokenKind.Comma));
        return [.. accounts];
    }

    /// <summary>Parses NONE, ALL [EXCEPT …], DEFAULT or role names.</summary>
    public static RoleSelection Selection(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.NONE))
            return new RoleSelection(RoleSelectionKind.None, []);
        if (cursor.Accept(Keyword.DEFAULT))
            return new RoleSelection(RoleSelectionKind.Default, []);
        if (!cursor.Accept(Keyword.ALL))
            return new RoleSelection(RoleSelectionKind.Named, Names(ref cursor));
        return cursor.Accept(Keyword.EXCEPT)
            ? new RoleSelection(RoleSelectionKind.AllExcept, Names(ref cursor))
            : new RoleSelection(RoleSelectionKind.All, []);
    }

    private static AccountAuthentication? TryAuthentication(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.DISCARD))
        {
            cursor.Expect(Keyword.OLD, Keyword.PASSWORD);
            return new AccountAuthentication((string?)null) { DiscardsOld = true };
        }

        if (!cursor.Accept(Keyword.IDENTIFIED))
            return null;
        string? plugin = cursor.Accept(Keyword.WITH) ? cursor.NameOrString() : null;
        var authentication = new AccountAuthentication(plugin);
        if (cursor.Accept(Keyword.BY))
        {
            if (cursor.Accept(Keyword.RANDOM))
            {
                cursor.Expect(Keyword.PASSWORD);
                authentication = authentication with { IsRandom = true };
            }
            else
            {
                cursor.Accept(Keyword.PASSWORD);
                authentication = authentication with { Password = cursor.StringBytes() };
            }
        }
        else if (plugin is not null && cursor.Accept(Keyword.AS))
        {
            authentication = authentication with { Hash = Bytes(ref cursor) };
        }
        else if (plugin is null)
        {
            throw cursor.Fail();
        }

        return Changes(ref cursor, authentication);
    }

    /// <summary>Parses REPLACE 'current' and RETAIN CURRENT PASSWORD.</summary>
    public static AccountAuthentication Changes(ref TokenCursor cursor, AccountAuthentication authentication)
    {
        if (cursor.Accept(Keyword.REPLACE))
            authentication = authentication with { Current = cursor.StringBytes() };
        if (cursor.Accept(Keyword.RETAIN))
        {
            cursor.Expect(Keyword.CURRENT, Keyword.PASSWORD);
            authentication = authentication with { RetainsCurrent = true };
        }

        return authentication;
    }

    private static byte[] Bytes(ref TokenCursor cursor) =>
        cursor.Is(TokenKind.Hex)
            ? ((Ast.Expressions.BinaryLiteral)OperandParser.Parse(ref cursor)).Value
            : cursor.StringBytes();
}
