namespace P2PDB.Engine.Tests.Execution.Spilling;

/// <summary>A statement that is stopped, or whose disk fails, while it has rows on the disk: it ends with its error and leaves no file.</summary>
public sealed class SpillFailureTests(SpillNode node) : IClassFixture<SpillNode>
{
    /// <summary>Far more than it takes.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Statements => new()
    {
        "SELECT * FROM t ORDER BY word",
        "SELECT long_text, MAX(bits) FROM t GROUP BY long_text",
        "SELECT DISTINCT * FROM t",
        "SELECT t.id, u.id FROM t LEFT JOIN u ON u.long_text = t.long_text AND u.few = 1",
    };

    [Theory, MemberData(nameof(Statements))]
    public void A_full_disk_is_error_1021(string sql)
    {
        node.Volume.LimitGrowth(300_000);
        Assert.Equal(1021, Assert.Single(node.RunSpilling(sql).Errors).Code);
        node.Volume.LimitGrowth(null);
        Assert.Empty(node.RunSpilling(sql).Errors);
    }

    [Theory, MemberData(nameof(Statements))]
    public void A_broken_disk_is_error_1030(string sql)
    {
        node.Volume.FailAfter(2, asFull: false);
        Assert.Equal(1030, Assert.Single(node.RunSpilling(sql).Errors).Code);
        node.Volume.FailReadAfter(2);
        Assert.Equal(1030, Assert.Single(node.RunSpilling(sql).Errors).Code);
        Assert.Empty(node.RunSpilling(sql).Errors);
    }

    [Theory]
    [InlineData("SELECT a.* FROM t a STRAIGHT_JOIN (SELECT n FROM u LIMIT 1000) b STRAIGHT_JOIN (SELECT n FROM u LIMIT 1000) c ORDER BY a.word")]
    [InlineData("SELECT a.id, a.word, b.n, MAX(c.n) FROM t a STRAIGHT_JOIN (SELECT n FROM u LIMIT 1000) b STRAIGHT_JOIN (SELECT n FROM u LIMIT 1000) c GROUP BY a.id, a.word, b.n")]
    [InlineData("SELECT COUNT(*) FROM (SELECT DISTINCT a.id, a.word, b.n FROM t a STRAIGHT_JOIN (SELECT n FROM u LIMIT 1000) b STRAIGHT_JOIN (SELECT n FROM u LIMIT 1000) c) AS x")]
    [InlineData("SELECT MAX(a.n) FROM t a LEFT JOIN u b ON a.id < b.n LEFT JOIN t c ON c.word = a.word WHERE b.few + c.few > 100")]
    public async Task Kill_ends_it(string sql)
    {
        Task<TextSink> running = Task.Run(() => node.RunSpilling(sql));
        Task deadline = Task.Delay(Deadline);
        while (node.Scratch.FileCount == 0 && !deadline.IsCompleted && !running.IsCompleted)
            await Task.Yield();

        node.Session.Kill();

        Assert.Same(running, await Task.WhenAny(running, deadline));
        Assert.Equal(1317, Assert.Single((await running).Errors).Code);
    }

    [Theory, MemberData(nameof(Statements))]
    public void A_client_that_has_gone_leaves_no_file(string sql)
    {
        node.Run("SET p2pdb_statement_memory = 65536");
        var sink = new GoneSink(node);
        node.Session.Execute(System.Text.Encoding.UTF8.GetBytes(sql), sink);
        node.Run("SET p2pdb_statement_memory = DEFAULT");
        Assert.True(sink.HadFiles);
        Assert.Equal(0, node.Scratch.FileCount);
    }

    private sealed class GoneSink(SpillNode node) : ResultSink
    {
        private bool _isClosed;

        public bool HadFiles { get; private set; }

        public override bool IsClosed => _isClosed;

        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
        }

        public override void Rows(P2PDB.Engine.Types.RowBatch batch)
        {
            HadFiles = node.Scratch.FileCount > 0;
            _isClosed = HadFiles;
        }

        public override void RowsDone(in StatementOutcome outcome)
        {
        }

        public override void Ok(in StatementOutcome outcome)
        {
        }

        public override void Fail(P2PDB.Engine.Types.SqlError failure)
        {
        }
    }
}
