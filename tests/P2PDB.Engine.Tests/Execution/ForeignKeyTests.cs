namespace P2PDB.Engine.Tests.Execution;

/// <summary>Foreign keys between transactions of one node, their texts, and that they come back after a restart.</summary>
public sealed class ForeignKeyTests : IDisposable
{
    /// <summary>Far more than it takes.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string[] Tables = ["a", "c", "d", "p"];

    private readonly SqlNode _node = new();
    private readonly List<Session> _sessions = [];

    public ForeignKeyTests() => Assert.Equal("", _node.Run(
        "CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE, note INT);"
        + "CREATE TABLE c (id INT PRIMARY KEY, pid INT, FOREIGN KEY (pid) REFERENCES p (id));"
        + "CREATE TABLE d (id INT PRIMARY KEY, code INT, CONSTRAINT dp FOREIGN KEY (code) REFERENCES p (code) ON DELETE CASCADE ON UPDATE SET NULL);"
        + "INSERT INTO p VALUES (1, 10, 0), (2, 20, 0)"));

    public void Dispose()
    {
        _sessions.ForEach(session => session.Dispose());
        _node.Dispose();
    }

    [Fact]
    public void Errors_say_what_MySQL_says()
    {
        Assert.Equal(
            "Cannot add or update a child row: a foreign key constraint fails (`app`.`c`, CONSTRAINT `c_ibfk_1` FOREIGN KEY (`pid`) REFERENCES `p` (`id`))",
            _node.Sink("INSERT INTO c VALUES (1, 3)").Errors[0].Message);
        Assert.Equal(
            "Cannot add or update a child row: a foreign key constraint fails (`app`.`d`, CONSTRAINT `dp` FOREIGN KEY (`code`) REFERENCES `p` (`code`) ON DELETE CASCADE ON UPDATE SET NULL)",
            _node.Sink("INSERT INTO d VALUES (1, 3)").Errors[0].Message);
        Assert.Equal("", _node.Run("INSERT INTO c VALUES (1, 1)"));
        Assert.Equal(
            "Cannot delete or update a parent row: a foreign key constraint fails (`app`.`c`, CONSTRAINT `c_ibfk_1` FOREIGN KEY (`pid`) REFERENCES `p` (`id`))",
            _node.Sink("DELETE FROM p WHERE id = 1").Errors[0].Message);
        Assert.Equal(
            "Cannot drop table 'p' referenced by a foreign key constraint 'c_ibfk_1' on table 'c'.", _node.Sink("DROP TABLE p").Errors[0].Message);
        Assert.Equal("Warning|1452|Cannot add or update a child row: a foreign key constraint fails (`app`.`c`, CONSTRAINT `c_ibfk_1` FOREIGN KEY (`pid`) REFERENCES `p` (`id`))",
            _node.Run("INSERT IGNORE INTO c VALUES (2, 3); SHOW WARNINGS"));
    }

    [Fact]
    public void Keys_come_back_after_a_restart()
    {
        _node.Restart();

        Assert.Equal("error 1452", _node.Run("INSERT INTO c VALUES (1, 3)"));
        Assert.Equal("", _node.Run("INSERT INTO d VALUES (1, 10); DELETE FROM p WHERE id = 1"));
        Assert.Equal("0", _node.Run("SELECT COUNT(*) FROM d"));
    }

    [Fact]
    public void What_follows_a_key_is_taken_back_with_its_transaction()
    {
        Assert.Equal("", _node.Run("INSERT INTO d VALUES (1, 10), (2, 20); BEGIN; DELETE FROM p WHERE id = 1"));
        Assert.Equal("2|20", _node.Run("SELECT * FROM d"));

        Assert.Equal("", _node.Run("ROLLBACK"));

        Assert.Equal("1|10\n2|20", _node.Run("SELECT * FROM d ORDER BY id"));
    }

    [Theory]
    [InlineData("INSERT INTO c VALUES (1, 1)", "DELETE FROM p WHERE id = 1", "error 1451")]
    [InlineData("INSERT INTO c VALUES (1, 1)", "UPDATE p SET id = 9 WHERE id = 1", "error 1451")]
    [InlineData("INSERT INTO d VALUES (1, 10)", "DELETE FROM p WHERE id = 1", "")]
    [InlineData("INSERT INTO d VALUES (1, 10)", "UPDATE p SET code = 11 WHERE id = 1", "")]
    [InlineData("DELETE FROM p WHERE id = 1", "INSERT INTO c VALUES (1, 1)", "error 1452")]
    [InlineData("DELETE FROM p WHERE id = 1", "INSERT INTO d VALUES (1, 10)", "error 1452")]
    [InlineData("UPDATE p SET code = 11 WHERE id = 1", "INSERT INTO d VALUES (1, 10)", "error 1452")]
    [InlineData("INSERT INTO p VALUES (3, 30, 0)", "INSERT INTO c VALUES (1, 3)", "")]
    [InlineData("INSERT INTO p VALUES (3, 30, 0)", "INSERT INTO d VALUES (1, 30)", "")]
    public async Task The_second_waits_for_the_first_and_leaves_no_orphan(string first, string second, string answer)
    {
        Session other = OpenSession();
        Assert.Equal("", _node.Run("BEGIN;" + first));

        Task<string> waiting = Task.Run(() => SqlNode.Run(other, second));
        await WaitForAsync(() => IsWaiting(other) || waiting.IsCompleted);
        Assert.Equal("", _node.Run("COMMIT"));

        Assert.Equal(answer, await waiting.WaitAsync(Deadline));
        Assert.Equal("0|0", _node.Run(Orphans));
    }

    [Fact]
    public async Task Whoever_closes_a_circle_of_waits_is_the_victim()
    {
        Session other = OpenSession();
        Assert.Equal("", _node.Run("BEGIN; INSERT INTO c VALUES (1, 1)"));
        Assert.Equal("", SqlNode.Run(other, "BEGIN; INSERT INTO c VALUES (2, 2)"));

        Task<string> waiting = Task.Run(() => SqlNode.Run(other, "DELETE FROM p WHERE id = 1"));
        await WaitForAsync(() => IsWaiting(other) || waiting.IsCompleted);

        Assert.Equal("error 1213", _node.Run("DELETE FROM p WHERE id = 2"));
        Assert.Equal("", await waiting.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Many_writers_leave_no_orphan()
    {
        Session[] sessions = [.. Enumerable.Range(0, 4).Select(_ => OpenSession())];

        await Task.WhenAll(sessions.Select((session, number) => Task.Run(() =>
        {
            var random = new Random(number);
            for (int i = 0; i < 300; i++)
            {
                int id = random.Next(4);
                string answer = SqlNode.Run(session, random.Next(6) switch
                {
                    0 => $"INSERT IGNORE INTO p VALUES ({id}, {id * 10}, 0)",
                    1 => $"DELETE FROM p WHERE id = {id}",
                    2 => $"UPDATE IGNORE p SET code = {random.Next(40)} WHERE id = {id}",
                    3 => $"REPLACE INTO c VALUES ({random.Next(20)}, {id})",
                    4 => $"REPLACE INTO d VALUES ({random.Next(20)}, {id * 10})",
                    _ => $"DELETE FROM c WHERE pid = {id}",
                });
                Assert.Contains(answer, (string[])["", "error 1451", "error 1452", "error 1213"]);
            }
        }))).WaitAsync(Deadline);

        Assert.Equal("0|0", _node.Run(Orphans));
    }

    [Fact]
    public void A_dump_loads_again()
    {
        Assert.Equal("", _node.Run("INSERT INTO c VALUES (1, 1); CREATE TABLE a (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES a (id), FOREIGN KEY (id) REFERENCES p (id))"));
        string[] dump = [.. Tables.Select(table => _node.Run("SHOW CREATE TABLE " + table))];

        Assert.Equal("", _node.Run("SET foreign_key_checks = 0; DROP TABLE p, d, c, a"));
        foreach (string table in dump)
            Assert.Equal("", _node.Run(table[(table.IndexOf('|', StringComparison.Ordinal) + 1)..]));
        Assert.Equal("", _node.Run("SET foreign_key_checks = 1"));

        Assert.Equal(dump, Tables.Select(table => _node.Run("SHOW CREATE TABLE " + table)));
        Assert.Equal("error 1452", _node.Run("INSERT INTO c VALUES (1, 1)"));
        Assert.Equal("error 1451", _node.Run("INSERT INTO p VALUES (1, 10, 0); INSERT INTO c VALUES (1, 1); DELETE FROM p"));
    }

    private const string Orphans = "SELECT (SELECT COUNT(*) FROM c LEFT JOIN p ON p.id = c.pid WHERE c.pid IS NOT NULL AND p.id IS NULL),"
        + " (SELECT COUNT(*) FROM d LEFT JOIN p ON p.code = d.code WHERE d.code IS NOT NULL AND p.id IS NULL)";

    private static bool IsWaiting(Session session) => session.State.Transaction.Owner.WaitingFor is not null;

    private static async Task WaitForAsync(Func<bool> condition)
    {
        Task deadline = Task.Delay(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCompleted);
            await Task.Yield();
        }
    }

    private Session OpenSession()
    {
        Session session = _node.OpenSession();
        _sessions.Add(session);
        return session;
    }
}
