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

    private Task<LockStatus> AcquireInBackgroundAsync(LockOwner owner, ulong name)
    {
        var task = Task.Factory.StartNew(
            () => _locks.Acquire(owner, name, LockMode.Exclusive, Long), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => owner.WaitingFor is not null);
        return task;
    }
}
