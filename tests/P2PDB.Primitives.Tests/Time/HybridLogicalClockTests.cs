using P2PDB.Primitives.Time;

namespace P2PDB.Primitives.Tests.Time;

public class HybridLogicalClockTests
{
    private readonly SteppedTimeProvider _wall = new() { Milliseconds = 1_000 };
    private readonly HybridLogicalClock _clock;

    public HybridLogicalClockTests() => _clock = new HybridLogicalClock(_wall);

    [Fact]
    public void Follows_the_wall_clock_and_counts_within_a_millisecond()
    {
        Assert.Equal(default, _clock.Latest);
        Assert.Equal(new HlcTimestamp(1_000, 0), _clock.Next());
        Assert.Equal(new HlcTimestamp(1_000, 1), _clock.Next());
        _wall.Milliseconds = 1_001;
        Assert.Equal(new HlcTimestamp(1_001, 0), _clock.Next());
        Assert.Equal(new HlcTimestamp(1_001, 0), _clock.Latest);
    }

    [Fact]
    public void Counts_on_when_the_wall_clock_goes_back_or_before_1970()
    {
        _clock.Next();
        _wall.Milliseconds = 10;
        Assert.Equal(new HlcTimestamp(1_000, 1), _clock.Next());
        _wall.Milliseconds = -5;
        Assert.Equal(new HlcTimestamp(1_000, 2), _clock.Next());
    }

    [Fact]
    public void Full_counter_carries_into_the_milliseconds()
    {
        _clock.Observe(new HlcTimestamp(1_000, ushort.MaxValue));

        Assert.Equal(new HlcTimestamp(1_001, 0), _clock.Next());
        _wall.Milliseconds = 1_001;
        Assert.Equal(new HlcTimestamp(1_001, 1), _clock.Next());
    }

    [Fact]
    public void Is_later_than_all_observed_and_ignores_the_past()
    {
        _clock.Observe(new HlcTimestamp(5_000, 7));
        _clock.Observe(new HlcTimestamp(4_000, 0));
        Assert.Equal(new HlcTimestamp(5_000, 8), _clock.Next());

        _wall.Milliseconds = 6_000;
        Assert.Equal(new HlcTimestamp(6_000, 0), _clock.Next());
    }

    [Fact]
    public void End_of_time_is_an_error_and_not_a_step_back()
    {
        _clock.Observe(new HlcTimestamp(ulong.MaxValue));

        Assert.Throws<OverflowException>(() => _clock.Next());
        Assert.Equal(ulong.MaxValue, _clock.Latest.Value);
    }

    [Fact]
    public void Threads_never_get_the_same_timestamp()
    {
        const int perThread = 20_000;
        var taken = new HlcTimestamp[4][];
        Parallel.For(0, taken.Length, thread =>
        {
            var own = new HlcTimestamp[perThread];
            for (int i = 0; i < perThread; i++)
                own[i] = _clock.Next();
            taken[thread] = own;
        });

        Assert.All(taken, own => Assert.True(own.Zip(own.Skip(1)).All(pair => pair.First < pair.Second)));
        Assert.Equal(taken.Length * perThread, taken.SelectMany(own => own).Distinct().Count());
    }

    [Fact]
    public void Parts_compose_and_order_as_the_number()
    {
        var earlier = new HlcTimestamp(7, 9);
        var later = new HlcTimestamp(8, 0);

        Assert.Equal(7UL, earlier.Milliseconds);
        Assert.Equal(9, earlier.Counter);
        Assert.Equal((7UL << 16) | 9, earlier.Value);
        Assert.Equal("7.9", earlier.ToString());
        Assert.True(earlier < later && later > earlier && earlier <= later && later >= earlier);
        Assert.True(earlier.CompareTo(later) < 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HlcTimestamp(HlcTimestamp.MillisecondsMax + 1, 0));
    }
}
