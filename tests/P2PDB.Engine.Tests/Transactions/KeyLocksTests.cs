using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Tests.Transactions;

/// <summary>Who may hold a key, who waits, and how waits end.</summary>
public sealed class KeyLocksTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly KeyLocks _locks = new();
    private readonly LockOwner _anna = new();
    private readonly LockOwner _boris = new();
    private readonly LockOwner _clara = new();

    public void Dispose()
    {
        _anna.Dispose();
        _boris.Dispose();
        _clara.Dispose();
    }

    [Fact]
    public void Shared_locks_stand_together_and_keep_an_exclusive_one_out()
    {
        Assert.Equal(LockStatus.Granted, _locks.Acquire(_anna, 1, LockMode.Shared, TimeSpan.Zero));
        Assert.Equal(LockStatus.Granted, _locks.Acquire(_boris, 1, LockMode.Shared, TimeSpan.Zero));
        Assert.Equal(LockStatus.TimedOut, _locks.Acquire(_clara, 1, LockMode.Exclusive, TimeSpan.FromMilliseconds(5)));

        _locks.ReleaseAll(_boris);
        Assert.Equal(LockStatus.Granted, _locks.Acquire(_anna, 1, LockMode.Exclusive, TimeSpan.Zero));
        Assert.Equal(LockStatus.TimedOut, _locks.Acquire(_boris, 1, LockMode.Shared, TimeSpan.Zero));
    }

    [Fact]
    public void Releasing_leaves_an_empty_table()
    {
        for (ulong name = 0; name < 100; name++)
            _locks.Acquire(_anna, name, LockMode.Exclusive, TimeSpan.Zero);
        _locks.Acquire(_anna, 1, LockMode.Shared, TimeSpan.Zero);

        Assert.Equal(100, _locks.Count);
        _locks.ReleaseAll(_anna);
        Assert.Equal(0, _locks.Count);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 2_000)]
    [InlineData(3, 60_000)]
    public void Whoever_asks_gets_what_the_rules_say(int seed, int nameCount)
    {
        var random = new Random(seed);
        LockOwner[] owners = [_anna, _boris, _clara];
        Dictionary<ulong, LockMode>[] held = [[], [], []];
        for (int step = 0; step < 150_000; step++)
        {
            int own = random.Next(owners.Length);
            if (random.Next(nameCount) == 0)
            {
                _locks.ReleaseAll(owners[own]);
                held[own].Clear();
                continue;
            }

            ulong name = (ulong)random.Next(nameCount) * 0x1_0000_0001UL;
            LockMode mode = random.Next(3) == 0 ? LockMode.Exclusive : LockMode.Shared;
            bool isFree = true;
            for (int other = 0; other < owners.Length; other++)
            {
                isFree &= other == own || !held[other].TryGetValue(name, out LockMode taken)
                    || (taken == LockMode.Shared && mode == LockMode.Shared);
            }

            // Who holds it exclusively may have it shared too.
            isFree |= held[own].GetValueOrDefault(name) == LockMode.Exclusive;
            LockStatus expected = isFree ? LockStatus.Granted : LockStatus.TimedOut;
            Assert.Equal(expected, _locks.Acquire(owners[own], name, mode, TimeSpan.Zero));
            if (isFree && (mode == LockMode.Exclusive || !held[own].ContainsKey(name)))
                held[own][name] = mode;
        }

        for (int own = 0; own < owners.Length; own++)
            Assert.Equal(held[own].Count, owners[own].HeldCount);
        Assert.Equal(held.SelectMany(names => names.Keys).Distinct().Count(), _locks.Count);
        foreach (LockOwner owner in owners)
            _locks.ReleaseAll(owner);
        Assert.Equal(0, _locks.Count);
    }

    [Fact]
    public async Task Who_holds_too_many_to_list_gives_back_those_that_others_wait_for()
    {
        const int Count = 50_000;
        _locks.Acquire(_clara, Count, LockMode.Shared, TimeSpan.Zero);
        for (ulong name = 0; name <= Count; name++)
            Assert.Equal(LockStatus.Granted, _locks.Acquire(_anna, name, LockMode.Shared, TimeSpan.Zero));
        Task<LockStatus> waiting = AcquireInBackgroundAsync(_boris, 7);

        _locks.ReleaseAll(_anna);

        Assert.Equal(LockStatus.Granted, await waiting);
        Assert.Equal(0, _anna.HeldCount);
        Assert.Equal(2, _locks.Count);
        Assert.Equal(LockStatus.Granted, _locks.Acquire(_clara, Count, LockMode.Exclusive, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_doomed_holder_that_waits_lets_the_next_waiter_share()
    {
        _locks.Acquire(_anna, 7, LockMode.Shared, TimeSpan.Zero);
        using var dora = new LockOwner();
        _locks.Acquire(dora, 7, LockMode.Shared, TimeSpan.Zero);
        Task<LockStatus> raising = AcquireInBackgroundAsync(_anna, 7);
        Task<LockStatus> sharing = AcquireInBackgroundAsync(_boris, 7, LockMode.Shared);

        _locks.Doom(7);

        Assert.Equal(LockStatus.Doomed, await raising);
        Assert.Equal(LockStatus.Granted, await sharing);
        Assert.True(dora.IsDoomed);
        Assert.False(_boris.IsDoomed);
    }

    [Fact]
    public async Task A_waiter_is_woken_by_the_release()
    {
        _locks.Acquire(_anna, 7, LockMode.Exclusive, TimeSpan.Zero);
        Task<LockStatus> waiting = AcquireInBackgroundAsync(_boris, 7);

        _locks.ReleaseAll(_anna);

        Assert.Equal(LockStatus.Granted, await waiting);
        Assert.Equal(LockStatus.TimedOut, _locks.Acquire(_anna, 7, LockMode.Exclusive, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_circle_of_two_has_one_victim()
    {
        _locks.Acquire(_anna, 1, LockMode.Exclusive, TimeSpan.Zero);
        _locks.Acquire(_boris, 2, LockMode.Exclusive, TimeSpan.Zero);
        Task<LockStatus> waiting = AcquireInBackgroundAsync(_anna, 2);

        Assert.Equal(LockStatus.Deadlock, _locks.Acquire(_boris, 1, LockMode.Exclusive, Long));
        _locks.ReleaseAll(_boris);
        Assert.Equal(LockStatus.Granted, await waiting);
    }

    [Fact]
    public async Task Two_who_raise_a_shared_lock_do_not_wait_for_ever()
    {
        _locks.Acquire(_anna, 1, LockMode.Shared, TimeSpan.Zero);
        _locks.Acquire(_boris, 1, LockMode.Shared, TimeSpan.Zero);
        Task<LockStatus> waiting = AcquireInBackgroundAsync(_anna, 1);

        Assert.Equal(LockStatus.Deadlock, _locks.Acquire(_boris, 1, LockMode.Exclusive, Long));
        _locks.ReleaseAll(_boris);
        Assert.Equal(LockStatus.Granted, await waiting);
    }

    [Fact]
    public async Task A_circle_of_three_is_found()
    {
        _locks.Acquire(_anna, 1, LockMode.Exclusive, TimeSpan.Zero);
        _locks.Acquire(_boris, 2, LockMode.Exclusive, TimeSpan.Zero);
        _locks.Acquire(_clara, 3, LockMode.Exclusive, TimeSpan.Zero);
        Task<LockStatus> first = AcquireInBackgroundAsync(_anna, 2);
        Task<LockStatus> second = AcquireInBackgroundAsync(_boris, 3);

        Assert.Equal(LockStatus.Deadlock, _locks.Acquire(_clara, 1, LockMode.Exclusive, Long));
        _locks.ReleaseAll(_clara);
        Assert.Equal(LockStatus.Granted, await second);
        _locks.ReleaseAll(_boris);
        Assert.Equal(LockStatus.Granted, await first);
    }

    [Fact]
    public async Task A_doomed_holder_learns_of_it_even_while_it_waits()
    {
        _locks.Acquire(_anna, 1, LockMode.Exclusive, TimeSpan.Zero);
        _locks.Acquire(_boris, 2, LockMode.Exclusive, TimeSpan.Zero);
        Task<LockStatus> waiting = AcquireInBackgroundAsync(_anna, 2);

        _locks.Doom(1);

        Assert.Equal(LockStatus.Doomed, await waiting);
        Assert.True(_anna.IsDoomed);
        Assert.False(_boris.IsDoomed);
        Assert.Equal(LockStatus.Doomed, _locks.Acquire(_anna, 9, LockMode.Shared, TimeSpan.Zero));
        _locks.ReleaseAll(_anna);
        Assert.False(_anna.IsDoomed);
    }

    [Fact]
    public async Task A_killed_waiter_stops_waiting()
    {
        _locks.Acquire(_anna, 1, LockMode.Exclusive, TimeSpan.Zero);
        Task<LockStatus> waiting = AcquireInBackgroundAsync(_boris, 1);

        _locks.Interrupt(_boris);

        Assert.Equal(LockStatus.Killed, await waiting);
    }

    [Fact]
    public void Taking_and_releasing_warm_locks_allocates_nothing()
    {
        void TakeAndRelease()
        {
            for (ulong name = 0; name < 16; name++)
                _locks.Acquire(_anna, name, LockMode.Exclusive, TimeSpan.Zero);
            _locks.ReleaseAll(_anna);
        }

        TakeAndRelease();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            TakeAndRelease();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Names_differ_by_tree_key_and_length()
    {
        ulong[] names =
        [
            KeyLocks.NameOf(1, [1, 2, 3]), KeyLocks.NameOf(2, [1, 2, 3]), KeyLocks.NameOf(1, [1, 2, 3, 0]),
            KeyLocks.NameOf(1, [1, 2]), KeyLocks.NameOf(1, new byte[8]), KeyLocks.NameOf(1, new byte[16]),
        ];

        Assert.Equal(names.Length, names.Distinct().Count());
    }

    private Task<LockStatus> AcquireInBackgroundAsync(LockOwner owner, ulong name, LockMode mode = LockMode.Exclusive)
    {
        var task = Task.Factory.StartNew(
            () => _locks.Acquire(owner, name, mode, Long), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => owner.WaitingFor is not null);
        return task;
    }
}
