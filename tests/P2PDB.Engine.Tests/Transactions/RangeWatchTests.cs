using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Tests.Transactions;

/// <summary>Who is doomed by a commit: readers of an older state of what it changed, and nobody else.</summary>
public sealed class RangeWatchTests : IDisposable
{
    private static readonly TreeId Rows = new(7);
    private static readonly TreeId Others = new(8);

    private readonly LockOwner _anna = new();
    private readonly LockOwner _boris = new();
    private readonly RangeWatch _watch = new(new KeyLocks());

    public RangeWatchTests()
    {
        _watch.Enter(_anna);
        _watch.Enter(_boris);
    }

    public void Dispose()
    {
        _anna.Dispose();
        _boris.Dispose();
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void A_change_between_start_and_end_dooms(byte key, bool dooms)
    {
        _watch.Watch(_anna, Rows, [10], [20], commitNumber: 5);

        _watch.Report([(Rows, [key])], commitNumber: 6);
        _watch.Report([(Others, [10])], commitNumber: 7);

        Assert.Equal(dooms, _anna.IsDoomed);
        Assert.False(_boris.IsDoomed);
    }

    [Fact]
    public void A_reader_of_the_new_state_goes_on()
    {
        _watch.Watch(_anna, Rows, [], [], commitNumber: 6);

        _watch.Report([(Rows, [10])], commitNumber: 6);

        Assert.False(_anna.IsDoomed);
    }

    [Fact]
    public void Who_names_a_range_after_it_changed_is_doomed_at_once()
    {
        _watch.Report([(Rows, [10])], commitNumber: 6);

        _watch.Watch(_anna, Rows, [30], [40], commitNumber: 5);
        _watch.Watch(_boris, Rows, [30], [40], commitNumber: 6);

        Assert.True(_anna.IsDoomed);
        Assert.False(_boris.IsDoomed);
    }

    [Fact]
    public void What_nobody_noted_dooms_readers_of_older_states()
    {
        _watch.Watch(_anna, Rows, [30], [40], commitNumber: 5);

        _watch.ReportUnknown(commitNumber: 6);

        Assert.True(_anna.IsDoomed);
        Assert.False(_boris.IsDoomed);
        _watch.Watch(_boris, Others, [1], [2], commitNumber: 5);
        Assert.True(_boris.IsDoomed);
    }

    [Fact]
    public void Of_too_many_ranges_the_tree_is_made()
    {
        for (int i = 0; i < 1_000; i++)
            _watch.Watch(_anna, Rows, [1, (byte)(i >> 8), (byte)i], [1, (byte)(i >> 8), (byte)i, 0], commitNumber: 5);
        _watch.Report([(Rows, [200])], commitNumber: 6);
        Assert.False(_anna.IsDoomed);

        _watch.Watch(_boris, Rows, [1], [2], commitNumber: 6);
        _watch.Watch(_anna, Others, [1], [2], commitNumber: 6);
        for (int i = 0; i < 1_001; i++)
            _watch.Watch(_boris, Rows, [1, (byte)(i >> 8), (byte)i], [1, (byte)(i >> 8), (byte)i, 0], commitNumber: 6);
        _watch.Report([(Rows, [200])], commitNumber: 7);

        Assert.True(_boris.IsDoomed);
        Assert.False(_anna.IsDoomed);
    }

    [Fact]
    public void Who_has_left_is_not_doomed()
    {
        _watch.Watch(_anna, Rows, [10], [20], commitNumber: 5);
        _watch.Leave(_anna);
        Assert.True(_watch.HasReaders);
        _watch.Leave(_boris);
        Assert.False(_watch.HasReaders);

        _watch.Report([(Rows, [10])], commitNumber: 6);

        Assert.False(_anna.IsDoomed);
    }
}
