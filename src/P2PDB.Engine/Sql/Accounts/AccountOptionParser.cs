using P2PDB.Engine.Sql.Ast.Accounts;

namespace P2PDB.Engine.Sql.Accounts;

/// <summary>Parses the options behind the accounts of CREATE and ALTER USER.</summary>
internal static class AccountOptionParser
{
    /// <summary>Parses REQUIRE, WITH limits, PASSWORD, ACCOUNT, COMMENT and ATTRIBUTE; empty where there is none.</summary>
    public static AccountOption[] List(ref TokenCursor cursor)
    {
        List<AccountOption> options = [];
        if (cursor.Accept(Keyword.REQUIRE))
            Require(ref cursor, options);
        if (cursor.Accept(Keyword.WITH))
            Limits(ref cursor, options);
        while (true)
        {
            switch (cursor.Current.Keyword)
            {
                case Keyword.PASSWORD:
                    cursor.Advance();
                    options.Add(Password(ref cursor));
                    break;
                case Keyword.FAILED_LOGIN_ATTEMPTS or Keyword.PASSWORD_LOCK_TIME:
                    string name = cursor.AnyWord().ToUpperInvariant();
                    options.Add(new AccountOption(name, cursor.Word().ToUpperInvariant(), false));
                    break;
                case Keyword.ACCOUNT:
                    cursor.Advance();
                    if (cursor.Current.Keyword is not (Keyword.LOCK or Keyword.UNLOCK))
                        throw cursor.Fail();
                    options.Add(new AccountOption("ACCOUNT", cursor.AnyWord().ToUpperInvariant(), false));
                    break;
                case Keyword.COMMENT or Keyword.ATTRIBUTE:
                    name = cursor.AnyWord().ToUpperInvariant();
                    options.Add(new AccountOption(name, cursor.StringText(), true));
                    break;
                default:
                    return [.. options];
            }
        }
    }

    private static void Require(ref TokenCursor cursor, List<AccountOption> options)
    {
        if (cursor.Current.Keyword is Keyword.NONE or Keyword.SSL or Keyword.X509)
        {
            options.Add(new AccountOption("REQUIRE", cursor.AnyWord().ToUpperInvariant(), false));
            return;
        }

        do
        {
            if (cursor.Current.Keyword is not (Keyword.SUBJECT or Keyword.ISSUER or Keyword.CIPHER))
                throw cursor.Fail();
            string name = cursor.AnyWord().ToUpperInvariant();
            options.Add(new AccountOption(name, cursor.StringText(), true));
            cursor.Accept(Keyword.AND);
        }
        while (cursor.Current.Keyword is Keyword.SUBJECT or Keyword.ISSUER or Keyword.CIPHER);
    }

    private static void Limits(ref TokenCursor cursor, List<AccountOption> options)
    {
        int start = cursor.Current.Start;
        while (cursor.Current.Keyword is Keyword.MAX_QUERIES_PER_HOUR or Keyword.MAX_UPDATES_PER_HOUR or Keyword.MAX_CONNECTIONS_PER_HOUR
            or Keyword.MAX_USER_CONNECTIONS)
        {
            string name = cursor.AnyWord().ToUpperInvariant();
            options.Add(new AccountOption(name, cursor.Word(), false));
        }

        if (cursor.Current.Start == start)
            throw cursor.Fail();
    }

    private static AccountOption Password(ref TokenCursor cursor)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.EXPIRE:
                cursor.Advance();
                if (cursor.Current.Keyword is Keyword.DEFAULT or Keyword.NEVER)
                    return new AccountOption("PASSWORD EXPIRE", cursor.AnyWord().ToUpperInvariant(), false);
                if (!cursor.Accept(Keyword.INTERVAL))
                    return new AccountOption("PASSWORD EXPIRE", string.Empty, false);
                string days = cursor.Word();
                cursor.Expect(Keyword.DAY);
                return new AccountOption("PASSWORD EXPIRE", $"INTERVAL {days} DAY", false);
            case Keyword.HISTORY:
                cursor.Advance();
                return new AccountOption("PASSWORD HISTORY", cursor.Word().ToUpperInvariant(), false);
            case Keyword.REUSE:
                cursor.Advance();
                cursor.Expect(Keyword.INTERVAL);
                string interval = cursor.Word().ToUpperInvariant();
                if (interval != "DEFAULT")
                    cursor.Expect(Keyword.DAY);
                return new AccountOption("PASSWORD REUSE INTERVAL", interval == "DEFAULT" ? interval : interval + " DAY", false);
            case Keyword.REQUIRE:
                cursor.Expect(Keyword.REQUIRE, Keyword.CURRENT);
                string value = cursor.Current.Keyword is Keyword.DEFAULT or Keyword.OPTIONAL ? cursor.AnyWord().ToUpperInvariant() : string.Empty;
                return new AccountOption("PASSWORD REQUIRE CURRENT", value, false);
            default:
                throw cursor.Fail();
        }
    }
}
