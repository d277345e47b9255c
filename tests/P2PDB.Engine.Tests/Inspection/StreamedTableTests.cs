using System.Text;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Inspection;

/// <summary>Made-up tables of any length: rows are made as they are read, and what the conditions say is known before.</summary>
public sealed class StreamedTableTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SqlNode _node = new();
    private ScanBounds? _bounds;
    private long _readCount;
    private ulong _length = ulong.MaxValue;
    private int _openedCount;
    private int _closedCount;

    public StreamedTableTests()
    {
        RelationColumn[] columns = [Columns.Unsigned("n"), Columns.Text("word"), Columns.LongText("filler")];
        _node.Session.State.Node.VirtualTables.Add(new StreamedTable("p2pdb", "endless", columns, (_, bounds) =>
        {
            _bounds = bounds;
            _openedCount++;
            return new Endless(this);
        }));
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_limit_ends_the_reading()
    {
        Assert.Equal("1|one\n2|two", _node.Run("SELECT n, word FROM p2pdb.endless LIMIT 2"));
        Assert.InRange(_readCount, 2, 100);
    }

    [Fact]
    public void Rows_of_long_texts_come_in_short_batches()
    {
        Assert.Equal("3145728", _node.Run("SELECT SUM(l) FROM (SELECT LENGTH(filler) AS l FROM p2pdb.endless LIMIT 3) AS lengths"));
        Assert.InRange(_readCount, 3, 4);
    }

    [Fact]
    public async Task A_statement_that_never_ends_is_killed()
    {
        Task<string> running = Task.Run(() => _node.Run("SELECT COUNT(*) FROM p2pdb.endless"));
        Task deadline = Task.Delay(Deadline);
        while (Interlocked.Read(ref _readCount) < 10_000 && !deadline.IsCompleted)
            await Task.Yield();

        _node.Session.Kill();

        Assert.Same(running, await Task.WhenAny(running, deadline));
        Assert.Equal("error 1317", await running);
    }

    [Theory]
    [InlineData("n = 5", 5, 5)]
    [InlineData("5 = n", 5, 5)]
    [InlineData("n > 5 AND 9 > n", 6, 8)]
    [InlineData("n BETWEEN 3 AND 4", 3, 4)]
    [InlineData("n >= 18446744073709551615", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("n <= 7 AND word LIKE 'o%'", 0, 7)]
    [InlineData("n < 0", 1, 0)]
    [InlineData("n > 5 AND n < 3", 1, 0)]
    [InlineData("n = 5 OR word = 'two'", 0, ulong.MaxValue)]
    [InlineData("n + 1 = 5", 0, ulong.MaxValue)]
    [InlineData("n <> 5", 0, ulong.MaxValue)]
    public void Conditions_bound_numbers(string condition, ulong first, ulong last)
    {
        _length = 10;
        _node.Run($"SELECT n, word FROM p2pdb.endless WHERE {condition}");

        Assert.Equal((first, last), _bounds!.RangeOf(0));
    }

    [Theory]
    [InlineData("word = 'ONE'", "one", "two")]
    [InlineData("word IN ('one', 'three')", "three", "two")]
    [InlineData("word LIKE 't%' AND n < 7", "two", "one")]
    [InlineData("'one' <> word AND word <> 'zero'", "two", "zero")]
    [InlineData("word >= 'two'", "two", "one")]
    public void Conditions_on_one_column_can_be_asked_ahead(string condition, string admitted, string ruledOut)
    {
        _length = 10;
        _node.Run($"SELECT n, word FROM p2pdb.endless WHERE {condition}");

        Assert.True(_bounds!.Admits(1, admitted));
        Assert.False(_bounds.Admits(1, ruledOut));
        Assert.False(_bounds.Admits(1, null));
    }

    [Theory]
    [InlineData("word = n")]
    [InlineData("word = 'one' OR n = 5")]
    [InlineData("word = 5")]
    [InlineData("UPPER(word) = 'ONE'")]
    [InlineData("word = (SELECT MAX(name) FROM p2pdb.databases)")]
    public void Other_conditions_rule_nothing_out(string condition)
    {
        _length = 10;
        _node.Run($"SELECT n, word FROM p2pdb.endless WHERE {condition}");

        Assert.False(_bounds!.IsBound(1));
        Assert.True(_bounds.Admits(1, "anything"));
    }

    [Fact]
    public void Named_values_are_told()
    {
        _length = 10;
        Assert.Equal("1|one\n2|two\n5|one\n6|two\n9|one\n10|two", _node.Run("SELECT n, word FROM p2pdb.endless WHERE word IN ('one', 'two')"));

        Assert.Equal(["one", "two"], _bounds!.ValuesOf(1)!.ConvertAll(value => Encoding.UTF8.GetString(value.Bytes.Span)));
        Assert.Null(_bounds.ValuesOf(0));
    }

    [Theory]
    [InlineData("SELECT n FROM p2pdb.endless LIMIT 3")]
    [InlineData("SELECT (SELECT n FROM p2pdb.endless LIMIT 1)")]
    [InlineData("SELECT (SELECT n FROM p2pdb.endless LIMIT 2)")]
    [InlineData("SELECT n + 9223372036854775800 - 9223372036854775807 FROM p2pdb.endless")]
    [InlineData("INSERT INTO t SELECT n + 9223372036854775800 - 9223372036854775807 FROM p2pdb.endless")]
    [InlineData("SELECT 1 WHERE 1 IN (SELECT -9223372036854775807 - n FROM p2pdb.endless)")]
    public void Streams_are_closed_however_the_statement_ends(string statement)
    {
        _node.Run("CREATE TABLE t (n BIGINT)");
        _node.Run(statement);

        Assert.True(_openedCount > 0);
        Assert.Equal(_openedCount, _closedCount);
    }

    private sealed class Endless(StreamedTableTests test) : RowStream
    {
        private static readonly string[] Words = ["zero", "one", "two", "three"];
        private ulong _number;

        public override object? this[int column] => column switch
        {
            0 => _number,
            1 => Words[_number % 4],
            _ => new string('x', 1 << 20),
        };

        public override bool MoveNext()
        {
            _number++;
            Interlocked.Increment(ref test._readCount);
            return _number <= test._length;
        }

        public override void Dispose() => test._closedCount++;
    }
}
