using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Transactions;

/// <summary>What two sessions see of each other at each level, statement by statement. docs/transactions.md says it in words.</summary>
public sealed class IsolationTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SqlNode _node = new();
    private readonly Session _anna;
    private readonly Session _boris;

    public IsolationTests()
    {
        Assert.Equal("", _node.Run("""
            CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL, s VARCHAR(10) NOT NULL, KEY (n));
            INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c');
            CREATE TABLE u (id INT PRIMARY KEY, n INT NOT NULL);
            INSERT INTO u VALUES (1, 1), (2, 2)
            """));
        _anna = _node.OpenSession();
        _boris = _node.OpenSession();
    }

    public void Dispose()
    {
        _anna.Dispose();
        _boris.Dispose();
        _node.Dispose();
    }

    [Theory]
    [InlineData("UPDATE t SET n = n - 1 WHERE id = 1 AND n > 0", "0")]
    [InlineData("UPDATE t SET n = n + 5 WHERE n = 1", "0")]
    [InlineData("DELETE FROM t WHERE id = 1 AND n = 1", "0")]
    public async Task A_condition_is_asked_again_when_the_lock_was_waited_for(string statement, string expected)
    {
        Ok(_anna, "BEGIN; UPDATE t SET n = 0 WHERE id = 1");
        Task<string> waiting = await RunUntilItWaitsAsync(_boris, statement);

        Ok(_anna, "COMMIT");

        Assert.Equal("", await waiting);
        Assert.Equal(expected, _node.Run("SELECT n FROM t WHERE id = 1"));
    }

    [Fact]
    public async Task An_update_over_several_tables_computes_with_the_rows_it_has_locked()
    {
        Ok(_anna, "BEGIN; UPDATE t SET n = n + 10 WHERE id = 1");
        Task<string> waiting = await RunUntilItWaitsAsync(_boris, "UPDATE t JOIN u ON t.id = u.id SET t.n = t.n + 1 WHERE u.id = 1");

        Ok(_anna, "COMMIT");

        Assert.Equal("", await waiting);
        Assert.Equal("12", _node.Run("SELECT n FROM t WHERE id = 1"));
    }

    [Theory]
    [InlineData("SELECT id, n FROM t FOR UPDATE", "1|11\n2|12\n3|13")]
    [InlineData("SELECT id, n FROM t WHERE n <> 99 FOR SHARE", "1|11\n2|12\n3|13")]
    [InlineData("SELECT id, n FROM t FORCE INDEX (n) WHERE n < 13 FOR UPDATE", "1|11\n2|12")]
    [InlineData("SELECT t.id, t.n FROM u STRAIGHT_JOIN t FORCE INDEX (n) ON t.n = u.n FOR UPDATE", "")]
    public async Task A_locking_read_gives_each_row_once_as_it_is_then(string query, string expected)
    {
        Ok(_anna, "BEGIN; UPDATE t SET n = n + 10");
        Task<string> waiting = await RunUntilItWaitsAsync(_boris, query);

        Ok(_anna, "COMMIT");

        Assert.Equal(expected, await waiting);
    }

    [Fact]
    public void Who_wrote_to_a_table_that_was_altered_since_is_told_so_at_once()
    {
        Ok(_anna, "BEGIN; DELETE FROM u WHERE id = 1");
        Ok(_boris, "CREATE UNIQUE INDEX un ON u (n)");

        // The write set knows of no key of the row in the new index, where it seems to stand in the way.
        Assert.Equal("error 1412", Run(_anna, "REPLACE INTO u VALUES (9, 1)"));
        Assert.Equal("error 1412", Run(_anna, "SELECT id FROM u WHERE n = 1"));

        Ok(_anna, "COMMIT");
        Assert.Equal("2|2", _node.Run("SELECT * FROM u"));
    }

    [Fact]
    public void A_row_written_over_a_newer_version_stands_once_in_an_index()
    {
        Ok(_anna, "BEGIN");
        Assert.Equal("3", Run(_anna, "SELECT COUNT(*) FROM t"));
        Ok(_boris, "UPDATE t SET n = 5 WHERE id = 1");

        Ok(_anna, "UPDATE t SET n = 7 WHERE id = 1");

        Assert.Equal("2|2\n3|3\n1|7", Run(_anna, "SELECT id, n FROM t FORCE INDEX (n) WHERE n > 0"));
    }

    [Fact]
    public void Nowait_fails_and_skip_locked_passes_over_what_another_holds()
    {
        Ok(_anna, "BEGIN; UPDATE t SET n = 20 WHERE id = 2");

        Assert.Equal("error 3572", Run(_boris, "SELECT id FROM t WHERE id = 2 FOR UPDATE NOWAIT"));
        Assert.Equal("1\n3", Run(_boris, "SELECT id FROM t FOR UPDATE SKIP LOCKED"));
        Assert.Equal("1\n3", Run(_boris, "SELECT id FROM t FOR SHARE SKIP LOCKED"));
    }

    [Fact]
    public void A_locking_read_with_limit_locks_no_row_that_it_does_not_give()
    {
        Assert.Equal("1", Run(_anna, "BEGIN; SELECT id FROM t ORDER BY id LIMIT 1 FOR UPDATE"));

        Assert.Equal("2", Run(_boris, "SELECT id FROM t ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"));
    }

    [Fact]
    public void Read_committed_sees_commits_and_repeatable_read_its_snapshot()
    {
        Ok(_anna, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN");
        Ok(_boris, "BEGIN");
        Assert.Equal("1", Run(_anna, "SELECT n FROM t WHERE id = 1"));
        Assert.Equal("1", Run(_boris, "SELECT n FROM t WHERE id = 1"));

        _node.Run("UPDATE t SET n = 8 WHERE id = 1");

        Assert.Equal("8", Run(_anna, "SELECT n FROM t WHERE id = 1"));
        Assert.Equal("1", Run(_boris, "SELECT n FROM t WHERE id = 1"));
        Assert.Equal("8", Run(_boris, "SELECT n FROM t WHERE id = 1 FOR SHARE"));
    }

    [Fact]
    public void Read_uncommitted_sees_nothing_uncommitted()
    {
        Ok(_anna, "BEGIN; UPDATE t SET n = 8 WHERE id = 1");

        Assert.Equal("1", Run(_boris, "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; BEGIN; SELECT n FROM t WHERE id = 1"));
    }

    [Fact]
    public void Set_transaction_is_for_the_next_transaction_alone()
    {
        Ok(_anna, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY; BEGIN");
        Assert.Equal("REPEATABLE-READ|1", Run(_anna, "SELECT @@transaction_isolation, n FROM t WHERE id = 1"));
        Assert.Equal("error 1792", Run(_anna, "DELETE FROM t"));
        Assert.Equal("error 1568", Run(_anna, "SET TRANSACTION READ WRITE"));
        Ok(_boris, "UPDATE t SET n = 8 WHERE id = 1");
        Assert.Equal("8", Run(_anna, "SELECT n FROM t WHERE id = 1"));

        Ok(_anna, "COMMIT; BEGIN");

        Assert.Equal("8", Run(_anna, "SELECT n FROM t WHERE id = 1"));
        Ok(_boris, "UPDATE t SET n = 9 WHERE id = 1");
        Assert.Equal("8", Run(_anna, "SELECT n FROM t WHERE id = 1"));
        Ok(_anna, "DELETE FROM t WHERE id = 2");
    }

    [Fact]
    public void A_chained_transaction_is_as_the_one_before()
    {
        Ok(_anna, "START TRANSACTION READ ONLY; COMMIT AND CHAIN");
        Assert.Equal("error 1792", Run(_anna, "DELETE FROM t"));
        Ok(_anna, "ROLLBACK");
    }

    [Fact]
    public void A_read_only_session_writes_in_no_transaction()
    {
        Ok(_anna, "SET SESSION TRANSACTION READ ONLY");
        Assert.Equal("error 1792", Run(_anna, "DELETE FROM t"));
        Ok(_anna, "SET autocommit = 0");
        Assert.Equal("error 1792", Run(_anna, "DELETE FROM t"));
        Ok(_anna, "ROLLBACK; START TRANSACTION READ WRITE; DELETE FROM t; ROLLBACK");
    }

    [Fact]
    public void An_executed_text_fails_as_a_whole_and_keeps_to_read_only()
    {
        Ok(_anna, "PREPARE p FROM 'INSERT INTO t VALUES (10, 1, ''x''), (1, 1, ''y'')'; BEGIN");
        Assert.Equal("error 1062", Run(_anna, "EXECUTE p"));
        Assert.Equal("3", Run(_anna, "SELECT COUNT(*) FROM t"));
        Ok(_anna, "ROLLBACK; START TRANSACTION READ ONLY");
        Assert.Equal("error 1792", Run(_anna, "EXECUTE p"));
    }

    [Fact]
    public async Task Serializable_locks_the_keys_that_it_reads()
    {
        BeginSerializable(_anna);
        Assert.Equal("1", Run(_anna, "SELECT n FROM t WHERE id = 1"));
        Assert.Equal("", Run(_anna, "SELECT n FROM t WHERE id = 9"));

        Assert.Equal("error 3572", Run(_boris, "SELECT n FROM t WHERE id = 1 FOR UPDATE NOWAIT"));
        Task<string> waiting = await RunUntilItWaitsAsync(_boris, "INSERT INTO t VALUES (9, 9, 'i')");
        Assert.Equal("", Run(_anna, "SELECT n FROM t WHERE id = 9"));
        Ok(_anna, "COMMIT");
        Assert.Equal("", await waiting);
    }

    [Theory]
    [InlineData("SELECT COUNT(*) FROM t WHERE id > 1", "INSERT INTO t VALUES (9, 9, 'i')")]
    [InlineData("SELECT COUNT(*) FROM t FORCE INDEX (n) WHERE n > 1", "INSERT INTO t VALUES (9, 9, 'i')")]
    [InlineData("SELECT COUNT(*) FROM t FORCE INDEX (n) WHERE n > 1 AND s = 'z'", "UPDATE t SET s = 'z' WHERE id = 2")]
    [InlineData("SELECT COUNT(*) FROM t FORCE INDEX (n) WHERE n > 5", "UPDATE t SET n = 6 WHERE id = 1")]
    [InlineData("SELECT COUNT(*) FROM t", "TRUNCATE TABLE t")]
    [InlineData("SELECT COUNT(*) FROM t", "DELETE FROM t WHERE id = 3")]
    [InlineData("SELECT COUNT(*) FROM u STRAIGHT_JOIN t ON t.id = u.id + 8", "INSERT INTO u VALUES (3, 3)")]
    [InlineData("SELECT COUNT(*) FROM u STRAIGHT_JOIN t FORCE INDEX (n) ON t.n = u.n", "UPDATE t SET s = 'z' WHERE id = 2")]
    [InlineData("UPDATE u SET n = (SELECT COUNT(*) FROM t WHERE n > 1) WHERE id = 1", "INSERT INTO t VALUES (9, 9, 'i')")]
    [InlineData("INSERT INTO u SELECT id + 10, n FROM t WHERE n > 2", "INSERT INTO t VALUES (9, 9, 'i')")]
    public void Serializable_does_not_commit_when_a_range_that_it_read_has_changed(string read, string change)
    {
        BeginSerializable(_anna);
        Run(_anna, read);
        Ok(_boris, change);

        Assert.Equal("error 1213", Run(_anna, "COMMIT"));
    }

    [Fact]
    public void Serializable_does_not_mind_changes_elsewhere()
    {
        BeginSerializable(_anna);
        Assert.Equal("1", Run(_anna, "SELECT COUNT(*) FROM t FORCE INDEX (n) WHERE n > 2"));
        Ok(_boris, "UPDATE t SET n = 0 WHERE id = 1; INSERT INTO t VALUES (9, -9, 'i'); UPDATE u SET n = 0");

        Ok(_anna, "INSERT INTO u VALUES (50, 50); COMMIT");
    }

    [Fact]
    public void Of_two_that_read_what_the_other_writes_one_commits()
    {
        BeginSerializable(_anna);
        BeginSerializable(_boris);
        Assert.Equal("6", Run(_anna, "SELECT SUM(n) FROM t"));
        Assert.Equal("6", Run(_boris, "SELECT SUM(n) FROM t"));
        Ok(_anna, "INSERT INTO t VALUES (10, 10, 'x')");
        Ok(_boris, "INSERT INTO t VALUES (11, 10, 'y')");

        Ok(_anna, "COMMIT");

        Assert.Equal("error 1213", Run(_boris, "COMMIT"));
        Assert.Equal("16", _node.Run("SELECT SUM(n) FROM t"));
    }

    [Theory]
    [InlineData("START TRANSACTION READ ONLY")]
    [InlineData("START TRANSACTION READ ONLY; SELECT 1")]
    public void A_serializable_transaction_that_only_reads_keeps_its_snapshot_and_commits(string begin)
    {
        Ok(_anna, "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        Run(_anna, begin);
        Assert.Equal("6", Run(_anna, "SELECT SUM(n) FROM t"));
        Ok(_boris, "INSERT INTO t VALUES (10, 10, 'x')");

        Assert.Equal("6", Run(_anna, "SELECT SUM(n) FROM t"));
        Ok(_anna, "COMMIT");
    }

    [Fact]
    public void A_refused_transaction_leaves_nothing_behind()
    {
        BeginSerializable(_anna);
        Run(_anna, "SELECT COUNT(*) FROM t; INSERT INTO u VALUES (50, 50)");
        Ok(_boris, "INSERT INTO t VALUES (10, 10, 'x')");
        Assert.Equal("error 1213", Run(_anna, "SELECT COUNT(*) FROM u"));
        Assert.False(_anna.InTransaction);

        BeginSerializable(_anna);
        Assert.Equal("4", Run(_anna, "SELECT COUNT(*) FROM t"));
        Ok(_anna, "INSERT INTO u VALUES (50, 50); COMMIT");
    }

    private static string Run(Session session, string sql) => SqlNode.Run(session, sql);

    private static void Ok(Session session, string sql) => Assert.Equal("", Run(session, sql));

    private static void BeginSerializable(Session session) => Ok(session, "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN");

    /// <summary>Runs statements on another thread, and comes back when they wait for a lock.</summary>
    private static async Task<Task<string>> RunUntilItWaitsAsync(Session session, string sql)
    {
        Task<string> running = Task.Run(() => Run(session, sql));
        Task deadline = Task.Delay(Deadline);
        while (session.State.Transaction.Owner.WaitingFor is null)
        {
            Assert.False(running.IsCompleted || deadline.IsCompleted, "it did not wait");
            await Task.Yield();
        }

        return running;
    }
}
