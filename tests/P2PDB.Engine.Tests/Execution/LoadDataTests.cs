using System.Text;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>
/// LOAD DATA from text to rows. What is expected of LOCAL is what MariaDB 11 does with the same text, but for the wording of warnings.
/// </summary>
public sealed class LoadDataTests : IDisposable
{
    private const string Wide =
        "a INT PRIMARY KEY, b VARCHAR(10) NOT NULL DEFAULT 'dd', c INT DEFAULT 5, d DATE, e DECIMAL(6,2) NOT NULL DEFAULT 1";

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pdb-load").FullName;
    private readonly Database _database;
    private readonly Session _session;

    public LoadDataTests()
    {
        _database = Database.Open("", new DatabaseOptions
        {
            Volume = new MemoryVolume(new Random(1)),
            HasTicker = false,
            Seed = 1,
            AllowsLocalInfile = true,
            SecureFilePriv = Path.Combine(_folder, "in"),
        });
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        _session = _database.OpenSession();
        Run("CREATE DATABASE app; USE app");
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("1\tx\t3\t2020-01-02\t1.5\n2\ty\t\\N\t\\N\t2\n", "", "1|x|3|2020-01-02|1.50\n2|y|NULL|NULL|2.00", "2 0 0 0")]
    [InlineData("1\tx\n2\ty\t7\n3\n", "", "1|x|0|NULL|0.00\n2|y|7|NULL|0.00\n3||0|NULL|0.00", "3 0 0 9")]
    [InlineData("1\tx\t1\t2020-01-01\t5\tmore\n2\ty\t2\t2020-01-01\t6\t\t\n3\tz\t3\t2020-01-03\t7\tlast", "",
        "1|x|1|2020-01-01|5.00\n2|y|2|2020-01-01|6.00\n3|z|3|2020-01-03|7.00", "3 0 0 2")]
    [InlineData("1\t\\N\t\t\t\n2\tabcdefghijklmno\tzz\tbad\t99999.999\n", "", "1||0|0000-00-00|0.00\n2|abcdefghij|0|0000-00-00|9999.99", "2 0 0 8")]
    [InlineData("1\tx\n1\ty\n2\tz\n", "(a, b)", "1|x|5|NULL|1.00\n2|z|5|NULL|1.00", "3 0 1 1")]
    [InlineData("h1\\\nh2\nh3\n1\tx\n2\ty\n", "IGNORE 2 LINES (a, b)", "1|x|5|NULL|1.00\n2|y|5|NULL|1.00", "2 0 0 0")]
    [InlineData("1\tx\n", "IGNORE 5 ROWS (a, b)", "", "0 0 0 0")]
    [InlineData("", "", "", "0 0 0 0")]
    [InlineData("\n", "", "0||0|NULL|0.00", "1 0 0 5")]
    [InlineData("\\N\tx\n", "(a, b)", "0|x|5|NULL|1.00", "1 0 0 1")]
    [InlineData("1\t10\t2\n2\t20\t5\n", "(a, @x, @y) SET c = @x * @y, b = CONCAT(@x, '-', a), e = DEFAULT(c)", "1|10-1|20|NULL|5.00\n2|20-2|100|NULL|5.00", "2 0 0 0")]
    [InlineData("1\tu\n2\n", "(a, @x) SET b = IFNULL(@x, 'none'), c = DEFAULT", "1|u|5|NULL|1.00\n2|none|5|NULL|1.00", "2 0 0 0")]
    [InlineData("xxx1,a\nsomething xxx2,b\nno\nabxxx3,c\n", "FIELDS TERMINATED BY ',' LINES STARTING BY 'xxx' (a, b)", "1|a|5|NULL|1.00\n2|b|5|NULL|1.00\n3|c|5|NULL|1.00", "3 0 0 0")]
    [InlineData("1,a,2,b,3,c", "FIELDS TERMINATED BY ',' LINES TERMINATED BY ',' (a, b)", "1|a|5|NULL|1.00\n2|b|5|NULL|1.00\n3|c|5|NULL|1.00", "3 0 0 0")]
    [InlineData("9,x,1,a,2,b", "COLUMNS TERMINATED BY ',' LINES TERMINATED BY '' IGNORE 1 LINES (a, b)", "1|a|5|NULL|1.00\n2|b|5|NULL|1.00", "2 0 0 0")]
    [InlineData("1::a b::;;2::c:d::;;3:;e::f", "FIELDS TERMINATED BY '::' LINES TERMINATED BY ';;' (a, b)", "1|a b|5|NULL|1.00\n2|c:d|5|NULL|1.00\n3|f|5|NULL|1.00", "3 0 0 1")]
    public void Lines_become_rows_and_what_does_not_fit_warnings(string text, string clauses, string rows, string figures)
    {
        Run($"CREATE TABLE t ({Wide})");

        TextSink answer = Load(text, clauses);

        Assert.Empty(answer.Errors);
        Assert.Equal(rows, Run("SELECT * FROM t"));
        string[] counts = figures.Split(' ');
        Assert.Equal($"Records: {counts[0]}  Deleted: {counts[1]}  Skipped: {counts[2]}  Warnings: {counts[3]}", answer.Outcome.Message.ToString());
    }

    [Theory]
    [InlineData("\"1\",\"he \"\"said\"\"\"\n2,NULL\n3,\"NULL\"\n4,\"a\"b\"\n5,\"to the end", "\\\\", "1|he \"said\"\n2|NULL\n3|NULL\n4|a\"b\n5|\"to the end")]
    [InlineData("1,a\\,b\n2,\\N\n3,x\\N\n4,\\\\\n5,\\q\\t\n6,\"\\\"\"\n7,\\", "\\\\", "1|a,b\n2|NULL\n3|xN\n4|\\\n5|q\t\n6|\"\n7|\\")]
    [InlineData("1,a\\b\n2,\\N\n", "", "1|a\\b\n2|\\N")]
    [InlineData("1,\"a\"\"b\"\n\"2\",\"c\"\n3,\"d\"x\"\n", "\"", "1|a\"b\n2|c\n3|d\"x")]
    public void Fields_are_enclosed_and_escaped(string text, string escape, string rows)
    {
        Run("CREATE TABLE t (a INT, b VARCHAR(20))");

        TextSink answer = Load(text, $"FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '{escape}'");

        Assert.Empty(answer.Errors);
        Assert.Equal(rows, Run("SELECT * FROM t"));
    }

    [Fact]
    public void A_row_replaces_the_one_with_its_key()
    {
        Run("CREATE TABLE t (a INT, b VARCHAR(10) UNIQUE)");

        TextSink answer = Sink("LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE t FIELDS TERMINATED BY ','", "1,a\n2,A\n3,b\n"u8.ToArray());

        Assert.Equal("Records: 3  Deleted: 1  Skipped: 0  Warnings: 0", answer.Outcome.Message.ToString());
        Assert.Equal(4UL, answer.Outcome.AffectedRows);
        Assert.Equal("2|A\n3|b", Run("SELECT * FROM t ORDER BY a"));
    }

    [Fact]
    public void Keys_are_generated_and_a_timestamp_that_cannot_be_null_is_now()
    {
        Run("SET timestamp = 1000; CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(5), ts TIMESTAMP NOT NULL)");

        Load("\\N\ta\t\\N\n0\tb\n10\tc\t2020-01-01\n", "");

        Assert.Equal("1|a|1000|1\n2|b|1000|1\n10|c|1577836800|1", Run("SET time_zone = '+00:00'; SELECT id, v, UNIX_TIMESTAMP(ts), LAST_INSERT_ID() FROM t"));
    }

    [Fact]
    public void Text_that_is_not_utf8_is_cut_and_bytes_are_kept()
    {
        Run("CREATE TABLE t (a INT, b VARCHAR(10), c BLOB)");

        Sink("LOAD DATA LOCAL INFILE 'f' INTO TABLE t", [.. "1\tgr\u00fcn\t"u8, 0xFF, 0xFE, .. "\n2\tbad"u8, 0xFF, .. "\tx\n"u8]);

        Assert.Equal("1|gr\u00fcn|FFFE\n2|bad|78", Run("SELECT a, b, HEX(c) FROM t"));
    }

    [Fact]
    public void A_view_takes_rows_that_it_shows()
    {
        Run("CREATE TABLE t (a INT PRIMARY KEY, b INT); CREATE VIEW v AS SELECT a FROM t WHERE a < 5 WITH CHECK OPTION");

        TextSink answer = Sink("LOAD DATA LOCAL INFILE 'f' INTO TABLE v", "1\n7\n2\n"u8.ToArray());

        Assert.Equal("Records: 3  Deleted: 0  Skipped: 1  Warnings: 1", answer.Outcome.Message.ToString());
        Assert.Equal("1|NULL\n2|NULL", Run("SELECT * FROM t"));
    }

    [Theory]
    [InlineData("1\tx\nz\ty\n", "error 1366")]
    [InlineData("1\tx\n2\n", "error 1261")]
    [InlineData("1\tx\n2\ty\tz\n3\tw\n", "error 1262")]
    [InlineData("1\tx\n\\N\ty\n", "error 1263")]
    [InlineData("1\tx\n1\ty\n", "error 1062")]
    public void A_file_of_the_server_is_loaded_whole_or_not_at_all(string text, string expected)
    {
        Run("CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(10))");
        File.WriteAllText(Path.Combine(_folder, "in", "f.txt"), text);

        Assert.Equal(expected, Run("LOAD DATA INFILE 'f.txt' INTO TABLE t"));
        Assert.Equal("0", Run("SELECT COUNT(*) FROM t"));

        Assert.Equal("", Run("LOAD DATA INFILE 'f.txt' IGNORE INTO TABLE t"));
        Assert.NotEqual("0", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Files_outside_of_the_directory_are_refused()
    {
        Run("CREATE TABLE t (a INT)");
        string outside = Path.Combine(_folder, "out.txt");
        File.WriteAllText(outside, "1\n");
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "link.txt"), outside);
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "folder"), _folder);

        Assert.Equal("error 1290", Run($"LOAD DATA INFILE '{outside}' INTO TABLE t"));
        Assert.Equal("error 1290", Run("LOAD DATA INFILE '../out.txt' INTO TABLE t"));
        Assert.Equal("error 1290", Run("LOAD DATA INFILE 'link.txt' INTO TABLE t"));
        Assert.Equal("error 1290", Run("LOAD DATA INFILE 'folder/out.txt' INTO TABLE t"));
        Assert.Equal("error 13", Run("LOAD DATA INFILE 'absent.txt' INTO TABLE t"));
        Assert.Equal("0", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Without_permission_no_file_is_asked_for()
    {
        Run("CREATE TABLE t (a INT); SET GLOBAL local_infile = 0");

        Assert.Equal("error 3948", Load("1\n", "").Text);
        Assert.Equal("error 1229", Run("SET SESSION local_infile = 1"));
        Assert.Equal("error 1238", Run("SET GLOBAL secure_file_priv = '/'"));

        Run("SET GLOBAL local_infile = 1");
        Assert.Equal("error 3948", Run("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"));
        Load("1\n", "");
        Assert.Equal("1", Run("SELECT * FROM t"));
    }

    [Theory]
    [InlineData("FIELDS ENCLOSED BY 'ab'", 1083)]
    [InlineData("FIELDS ESCAPED BY 'ab'", 1083)]
    [InlineData("FIELDS TERMINATED BY '' ENCLOSED BY ''", 1235)]
    [InlineData("CHARACTER SET sjis", 1235)]
    [InlineData("(a, nosuch)", 1054)]
    [InlineData("(a) SET nosuch = 1", 1054)]
    public void What_is_not_supported_says_so(string clauses, int expected)
    {
        Run("CREATE TABLE t (a INT)");

        Assert.Equal($"error {expected}", Load("1\n", clauses).Text);
        Assert.Equal("error 1295", Run("PREPARE p FROM 'LOAD DATA LOCAL INFILE ''f'' INTO TABLE t'"));
        Assert.Equal(1295, Assert.Throws<SqlException>(() => _session.Prepare("LOAD DATA INFILE 'f' INTO TABLE t"u8)).Error.Code);
    }

    [Fact]
    public void A_file_that_breaks_off_leaves_nothing()
    {
        Run("CREATE TABLE t (a INT); BEGIN; INSERT INTO t VALUES (7)");
        var sink = new FileSink(_session, new BrokenStream("1\n2\n3"u8.ToArray()));

        _session.Execute("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"u8, sink);

        Assert.Equal("error 1158", sink.Answer.Text);
        Assert.Equal("7", Run("SELECT * FROM t"));
        Run("ROLLBACK");
        Assert.Equal("0", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_killed_statement_leaves_nothing()
    {
        Run("CREATE TABLE t (a INT)");
        var sink = new FileSink(_session, new KillingStream("1\n2\n"u8.ToArray(), _session));

        _session.Execute("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"u8, sink);

        Assert.Equal("error 1317", sink.Answer.Text);
        Assert.Equal("0", Run("SELECT COUNT(*) FROM t"));
    }

    private string Run(string sql) => Sink(sql, null).Text;

    private TextSink Load(string text, string clauses) =>
        Sink($"LOAD DATA LOCAL INFILE 'f' INTO TABLE t {clauses}", Encoding.UTF8.GetBytes(text));

    private TextSink Sink(string sql, byte[]? file)
    {
        var sink = new FileSink(_session, file is null ? null : new MemoryStream(file));
        _session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Answer;
    }

    /// <summary>Gives one file to whoever asks, and collects answers.</summary>
    private sealed class FileSink(Session session, Stream? file) : ResultSink
    {
        public TextSink Answer { get; } = new(session);

        public override Stream? OpenClientFile(string name) => file;

        public override void Columns(ReadOnlySpan<ResultColumn> columns) => Answer.Columns(columns);

        public override void Rows(RowBatch batch) => Answer.Rows(batch);

        public override void RowsDone(in StatementOutcome outcome) => Answer.RowsDone(outcome);

        public override void Ok(in StatementOutcome outcome) => Answer.Ok(outcome);

        public override void Fail(SqlError failure) => Answer.Fail(failure);
    }

    /// <summary>Breaks where it should end.</summary>
    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is > 0 and var read ? read : throw new IOException("broken");
    }

    /// <summary>Kills its session's statement where it should end, and goes on.</summary>
    private sealed class KillingStream(byte[] bytes, Session session) : MemoryStream(bytes)
    {
        private bool _hasKilled;

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read > 0 || _hasKilled)
                return read;
            _hasKilled = true;
            session.Kill();
            "3\n"u8.CopyTo(buffer.AsSpan(offset));
            return 2;
        }
    }
}
