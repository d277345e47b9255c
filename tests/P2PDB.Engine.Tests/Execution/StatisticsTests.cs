using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Statistics;
using P2PDB.Engine.Planning.Statistics;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>A sample of a table tells about how many different values its columns have, whatever way the keys lie.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly SqlNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_small_table_is_known_exactly()
    {
        TableStatistics statistics = Statistics("id INT PRIMARY KEY, n INT, s VARCHAR(9)", 300, i => $"({i}, {i % 7}, {(i % 3 == 0 ? "NULL" : $"'v{i % 5}'")})");

        Assert.True(statistics.IsWhole);
        Assert.Equal(300, statistics.DistinctCount([0]));
        Assert.Equal(7, statistics.DistinctCount([1]));
        Assert.Equal(5, statistics.DistinctCount([2]));
        Assert.Equal(35, statistics.DistinctCount([1, 2]), tolerance: 1);
    }

    [Theory]
    [InlineData("even", 1)]
    [InlineData("with a gap", 1_000_000)]
    public void Of_a_large_table_the_numbers_are_about_right(string keys, int gap)
    {
        TableStatistics statistics = Statistics(
            "id BIGINT PRIMARY KEY, few INT, many INT, twins INT", 6000, i => $"({(i < 5990 ? i : (long)i * gap)}, {i % 10}, {i % 1500}, {i / 2})");

        Assert.False(statistics.IsWhole, keys);
        Assert.InRange(statistics.Sample.RowCount, 512, 1024);
        Assert.Equal(6000, statistics.DistinctCount([0]));
        Assert.Equal(10, statistics.DistinctCount([1]));
        Assert.InRange(statistics.DistinctCount([2]), 1000, 2500);
        Assert.InRange(statistics.DistinctCount([3]), 1500, 6000);
    }

    [Fact]
    public void A_leading_column_of_a_primary_key_has_the_density_of_its_groups()
    {
        TableStatistics statistics = Statistics(
            "a INT, b INT, PRIMARY KEY (a, b)", 8000, i => $"({i / 8}, {i % 8})");

        Assert.InRange(statistics.DistinctCount([0]), 500, 2500);
        Assert.Equal(8000, statistics.DistinctCount([0, 1]));
    }

    private TableStatistics Statistics(string columns, int count, Func<int, string> row)
    {
        var text = new StringBuilder($"CREATE TABLE t ({columns}); INSERT INTO t VALUES ");
        for (int i = 0; i < count; i++)
            text.Append(i == 0 ? "" : ", ").Append(row(i));
        Assert.Equal("", _node.Run(text.ToString()));
        var transactions = _node.Session.State.Node.Transactions;
        DatabaseSchema database = transactions.CurrentSchema.Find(transactions.Databases["app"])!;
        return new KnownStatistics().Of(_node.Session.State.Transaction.NewestView().Snapshot, database.FindTable("t")!);
    }
}
