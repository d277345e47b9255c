using System.Text;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Sql.Definitions;

namespace P2PDB.Engine.Sql.Accounts;

/// <summary>Parses GRANT and REVOKE, of privileges, roles and proxies.</summary>
internal static class GrantParser
{
    /// <summary>Parses GRANT.</summary>
    public static Statement Grant(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.GRANT);
        if (cursor.Accept(Keyword.PROXY, Keyword.ON))
        {
            AccountName proxied = AccountParser.Name(ref cursor);
            cursor.Expect(Keyword.TO);
            AccountName[] proxies = AccountParser.Names(ref cursor);
            return new ProxyStatement(proxied, proxies, false, AcceptGrantOption(ref cursor));
        }

        if (!NamesPrivileges(cursor))
        {
            AccountName[] roles = AccountParser.Names(ref cursor);
            cursor.Expect(Keyword.TO);
            AccountName[] members = AccountParser.Names(ref cursor);
            bool withAdmin = cursor.Accept(Keyword.WITH, Keyword.ADMIN);
            if (withAdmin)
                cursor.Expect(Keyword.OPTION);
            return new GrantRoleStatement(roles, members, withAdmin);
        }

        Privilege[] privileges = Privileges(ref cursor);
        cursor.Expect(Keyword.ON);
        PrivilegeTarget target = Target(ref cursor);
        cursor.Expect(Keyword.TO);
        var grant = new GrantStatement(privileges, target, AccountParser.Specifications(ref cursor))
        {
            WithGrantOption = AcceptGrantOption(ref cursor),
        };
        if (!cursor.Accept(Keyword.AS))
            return grant;
        grant = grant with { As = AccountParser.Name(ref cursor) };
        return cursor.Accept(Keyword.WITH, Keyword.ROLE) ? grant with { AsRoles = AccountParser.Selection(ref cursor) } : grant;
    }

    /// <summary>Parses REVOKE.</summary>
    public static Statement Revoke(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.REVOKE);
        bool ifExists = CreateTableParser.AcceptIfExists(ref cursor);
        if (cursor.Accept(Keyword.PROXY, Keyword.ON))
        {
            AccountName proxied = AccountParser.Name(ref cursor);
            cursor.Expect(Keyword.FROM);
            return new ProxyStatement(proxied, AccountParser.Names(ref cursor), true, false);
        }

        bool isAll = cursor.Is(Keyword.ALL) && (cursor.IsNext(TokenKind.Comma) || (cursor.IsNext(Keyword.PRIVILEGES) && cursor.Peek(2).Kind == TokenKind.Comma));
        if (!isAll && !NamesPrivileges(cursor))
        {
            AccountName[] roles = AccountParser.Names(ref cursor);
            cursor.Expect(Keyword.FROM);
            AccountName[] members = AccountParser.Names(ref cursor);
            return new RevokeRoleStatement(roles, members, ifExists, AcceptIgnoreUnknown(ref cursor));
        }

        Privilege[] privileges = Privileges(ref cursor);
        PrivilegeTarget? target = isAll ? null : cursor.Accept(Keyword.ON) ? Target(ref cursor) : throw cursor.Fail();
        cursor.Expect(Keyword.FROM);
        AccountName[] accounts = AccountParser.Names(ref cursor);
        return new RevokeStatement(privileges, target, accounts) { IfExists = ifExists, IgnoresUnknownUser = AcceptIgnoreUnknown(ref cursor) };
    }

    private static bool AcceptGrantOption(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.WITH, Keyword.GRANT))
            return false;
        cursor.Expect(Keyword.OPTION);
        return true;
    }

    private static bool AcceptIgnoreUnknown(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.IGNORE, Keyword.UNKNOWN))
            return false;
        cursor.Expect(Keyword.USER);
        return true;
    }

    // Privileges and roles look alike; only privileges have an ON.
    private static bool NamesPrivileges(in TokenCursor cursor)
    {
        TokenCursor ahead = cursor;
        while (true)
        {
            if (ahead.Is(Keyword.ON))
                return true;
            if (ahead.Current.Kind is TokenKind.End or TokenKind.Semicolon or TokenKind.Invalid || ahead.Current.Keyword is Keyword.TO or Keyword.FROM)
                return false;
            ahead.Advance();
        }
    }

    private static Privilege[] Privileges(ref TokenCursor cursor)
    {
        List<Privilege> privileges = [];
        do
            privileges.Add(Privilege(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        return [.. privileges];
    }

    // A privilege is one word or several (CREATE TEMPORARY TABLES); dynamic ones may be quoted.
    private static Privilege Privilege(ref TokenCursor cursor)
    {
        StringBuilder name = new();
        while (cursor.Current.Kind is TokenKind.Word or TokenKind.QuotedIdentifier or TokenKind.String
            && cursor.Current.Keyword is not (Keyword.ON or Keyword.FROM or Keyword.TO))
        {
            if (name.Length > 0)
                name.Append(' ');
            name.Append(cursor.Word().ToUpperInvariant());
        }

        if (name.Length == 0)
            throw cursor.Fail();
        string text = name.ToString();
        return new Privilege(text == "ALL PRIVILEGES" ? "ALL" : text, cursor.Is(TokenKind.OpenParen) ? cursor.NamesInParentheses() : []);
    }

    private static PrivilegeTarget Target(ref TokenCursor cursor)
    {
        PrivilegeTargetKind kind = PrivilegeTargetKind.Table;
        if (cursor.Is(Keyword.FUNCTION) || cursor.Is(Keyword.PROCEDURE))
        {
            kind = cursor.Is(Keyword.FUNCTION) ? PrivilegeTargetKind.Function : PrivilegeTargetKind.Procedure;
            cursor.Advance();
        }
        else if (cursor.Is(Keyword.TABLE))
        {
            cursor.Advance();
        }

        if (cursor.Accept(TokenKind.Star))
        {
            if (!cursor.Accept(TokenKind.Dot))
                return new PrivilegeTarget(kind, null, null, true);
            cursor.Expect(TokenKind.Star);
            return new PrivilegeTarget(kind, null, null, false);
        }

        string first = cursor.Name();
        if (!cursor.Accept(TokenKind.Dot))
            return new PrivilegeTarget(kind, null, first, true);
        return new PrivilegeTarget(kind, first, cursor.Accept(TokenKind.Star) ? null : cursor.AnyWord(), false);
    }
}
