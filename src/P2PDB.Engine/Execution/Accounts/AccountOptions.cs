using System.Globalization;
using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Expressions.Functions;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>What the options of CREATE and ALTER USER make of an account.</summary>
internal static class AccountOptions
{
    /// <summary>The account with the options.</summary>
    public static StoredAccount Apply(StoredAccount account, AccountOption[] options)
    {
        // SUBJECT, ISSUER and CIPHER together are one REQUIRE, which replaces the one before.
        if (Array.Exists(options, option => option.Name is "SUBJECT" or "ISSUER" or "CIPHER"))
        {
            account = account with
            {
                Transport = RequiredTransport.Specified,
                Certificate = new RequiredCertificate(TextOf(options, "CIPHER"), TextOf(options, "ISSUER"), TextOf(options, "SUBJECT")),
            };
        }

        foreach (AccountOption option in options)
            account = Apply(account, option);
        return account;
    }

    private static StoredAccount Apply(StoredAccount account, AccountOption option) => option.Name switch
    {
        "REQUIRE" => account with
        {
            Transport = option.Value switch { "SSL" => RequiredTransport.Tls, "X509" => RequiredTransport.Certificate, _ => RequiredTransport.None },
            Certificate = new RequiredCertificate("", "", ""),
        },
        "MAX_QUERIES_PER_HOUR" => account with { Limits = account.Limits with { QueriesPerHour = Limit(option) } },
        "MAX_UPDATES_PER_HOUR" => account with { Limits = account.Limits with { UpdatesPerHour = Limit(option) } },
        "MAX_CONNECTIONS_PER_HOUR" => account with { Limits = account.Limits with { ConnectionsPerHour = Limit(option) } },
        "MAX_USER_CONNECTIONS" => account with { Limits = account.Limits with { Connections = Limit(option) } },
        "PASSWORD EXPIRE" => Expire(account, option),
        "PASSWORD HISTORY" => account with { HistoryCount = NumberOrDefault(option) },
        "PASSWORD REUSE INTERVAL" => account with { ReuseDays = NumberOrDefault(option) },
        "PASSWORD REQUIRE CURRENT" => account with { RequiresCurrent = option.Value switch { "DEFAULT" => null, "OPTIONAL" => false, _ => true } },
        "FAILED_LOGIN_ATTEMPTS" => account with { FailedLoginsMax = Number(option, option.Value, short.MaxValue) },
        "PASSWORD_LOCK_TIME" => account with { LockDays = option.Value == "UNBOUNDED" ? -1 : Number(option, option.Value, short.MaxValue) },
        "ACCOUNT" => account with { IsLocked = option.Value == "LOCK" },
        "COMMENT" => account with { Attributes = Merge(account.Attributes, CommentOf(option.Value)) },
        "ATTRIBUTE" => account with { Attributes = Merge(account.Attributes, Encoding.UTF8.GetBytes(option.Value)) },
        _ => account,
    };

    private static StoredAccount Expire(StoredAccount account, AccountOption option)
    {
        string[] words = option.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => account with { IsExpired = true },
            ["DEFAULT"] => account with { LifetimeDays = null },
            ["NEVER"] => account with { LifetimeDays = 0 },
            [_, string days, ..] => account with { LifetimeDays = AtLeastOne(Number(option, days, ushort.MaxValue), days) },
            _ => account,
        };
    }

    private static int AtLeastOne(int days, string text) => days > 0 ? days : throw SqlErrors.WrongValue("DAY", text).ToException();

    private static int? NumberOrDefault(AccountOption option)
    {
        string first = option.Value.Split(' ')[0];
        return first == "DEFAULT" ? null : Number(option, first, ushort.MaxValue);
    }

    private static uint Limit(AccountOption option) => (uint)Number(option, option.Value, int.MaxValue);

    private static int Number(AccountOption option, string text, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= maximum
            ? number : throw SqlErrors.WrongValue(option.Name, text).ToException();

    private static string TextOf(AccountOption[] options, string name) =>
        Kept(name, Array.FindLast(options, option => option.Name == name)?.Value ?? "");

    /// <summary>The text itself; error 1470 for one that the file of accounts has no room for.</summary>
    private static string Kept(string name, string text) => Encoding.UTF8.GetByteCount(text) <= AccountReader.TextLengthMax
        ? text : throw AccountErrors.NameTooLong(text[..80], name, AccountReader.TextLengthMax).ToException();

    private static byte[] CommentOf(string comment)
    {
        using var text = new ByteWriter();
        text.Write("{\"comment\": "u8);
        JsonText.WriteQuoted(Encoding.UTF8.GetBytes(comment), text);
        text.Write("}"u8);
        return text.Written.ToArray();
    }

    /// <summary>The attributes with others merged in, as JSON_MERGE_PATCH does; error 3140 for what is no object.</summary>
    private static string Merge(string before, ReadOnlySpan<byte> patch)
    {
        if (!JsonParser.TryParse(patch, out JsonItem added, out string reason, out int position))
            throw SqlErrors.InvalidJsonText(reason, position, "ATTRIBUTE").ToException();
        if (added.Kind != JsonKind.Container)
            throw SqlErrors.InvalidJsonText("The attribute must be a JSON object", 0, "ATTRIBUTE").ToException();
        bool isKnown = JsonParser.TryParse(Encoding.UTF8.GetBytes(before.Length == 0 ? "{}" : before), out JsonItem known, out _, out _);
        Invariant.Check(isKnown, "attributes are kept that are no JSON");
        using var text = new ByteWriter();
        JsonText.Write(JsonMerge.Patch(known, added), text);
        return Kept("ATTRIBUTE", Encoding.UTF8.GetString(text.Written));
    }
}
