using System.Text;
using P2PDB.Engine;

namespace P2PDB.Conformance;

/// <summary>
/// Plays every <c>*.test</c> file below <c>sql</c> against a database of its own. The format is sqllogictest's:
/// <c>statement ok</c>, <c>statement error 1062</c>, and <c>query</c> with one letter per column, a sort mode
/// (<c>nosort</c>, <c>rowsort</c>, <c>valuesort</c>) and the rows below <c>----</c>. The columns of a row stand on one line,
/// separated by <c> | </c>; <c>connection NAME</c> before a statement's paragraph changes the session; <c>connection NAME AS USER</c>
/// opens one for an account.
/// </summary>
public sealed class SqlFileTests
{
    private const string ColumnSeparator = " | ";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "sql");

    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (string path in Directory.EnumerateFiles(Folder, "*.test", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            files.Add(Path.GetRelativePath(Folder, path));
        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Answers_are_as_written(string file)
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("p2pdb-conformance-");
        var sessions = new Dictionary<string, Session>();
        try
        {
            using Database database = Database.Open(data.FullName, new DatabaseOptions { HasTicker = false, FlushMode = 0, Seed = 1 });
            List<string> failures = Play(database, sessions, TestRecord.ReadAll(File.ReadAllLines(Path.Combine(Folder, file))), file);
            foreach (Session session in sessions.Values)
                session.Dispose();

            Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static List<string> Play(Database database, Dictionary<string, Session> sessions, List<TestRecord> records, string file)
    {
        List<string> failures = [];
        Session session = Connect(database, sessions, "default");
        Assert.NotEmpty(records);
        foreach (TestRecord record in records)
        {
            if (record.Command[0] == "connection")
            {
                session = Connect(database, sessions, record.Command[1], record.Command is [_, _, "AS", var user] ? user : null);
                continue;
            }

            string[] expected = Expectation(record);
            string[] answered = Answer(session, record);
            if (!expected.SequenceEqual(answered))
            {
                failures.Add($"{file}:{record.Line}: {record.Sql}\n  got:\n    {string.Join("\n    ", answered)}"
                    + $"\n  expected:\n    {string.Join("\n    ", expected)}");
            }
        }

        return failures;
    }

    private static Session Connect(Database database, Dictionary<string, Session> sessions, string name, string? user = null)
    {
        if (sessions.TryGetValue(name, out Session? known))
            return known;
        // A user logs in from this machine; its database is chosen by the file, because it may have none.
        Session session = user is null ? database.OpenSession() : database.OpenSession(new SessionOptions
        {
            User = user,
            Account = database.FindAccount(user, "localhost") ?? throw new InvalidDataException($"{user} is no account"),
        });
        sessions.Add(name, session);
        if (sessions.Count == 1)
            session.Execute("CREATE DATABASE test"u8, new AnswerSink(session));
        if (user is null)
            session.UseDatabase("test");
        return session;
    }

    private static string[] Expectation(TestRecord record) => record.Command switch
    {
        ["statement", "ok"] => ["ok"],
        ["statement", "error", string code] => ["error " + code],
        ["query", ..] => Sorted(record, record.Expected),
        _ => throw new InvalidDataException($"line {record.Line}: '{string.Join(' ', record.Command)}' is no command"),
    };

    private static string[] Answer(Session session, TestRecord record)
    {
        var sink = new AnswerSink(session);
        session.Execute(Encoding.UTF8.GetBytes(record.Sql), sink);
        if (sink.Failure is { } failure)
        {
            // The message helps whoever reads a failure that was not expected; the number alone is compared.
            return record.Command is ["statement", "error", _]
                ? ["error " + failure.Code] : ["error " + failure.Code, failure.Message];
        }

        if (record.Command[0] == "statement")
            return ["ok"];
        if (sink.ColumnCount != record.Command[1].Length)
            return [$"{sink.ColumnCount} columns for types {record.Command[1]}"];
        return Sorted(record, sink.Answered.Select(row => string.Join(ColumnSeparator, row)));
    }

    private static string[] Sorted(TestRecord record, IEnumerable<string> rows) => record.Command switch
    {
        [_, _, "rowsort", ..] => rows.Order(StringComparer.Ordinal).ToArray(),
        [_, _, "valuesort", ..] => rows.SelectMany(row => row.Split(ColumnSeparator)).Order(StringComparer.Ordinal).ToArray(),
        _ => rows.ToArray(),
    };
}
