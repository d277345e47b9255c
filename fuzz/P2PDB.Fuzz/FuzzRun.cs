using System.Diagnostics;

namespace P2PDB.Fuzz;

/// <summary>
/// One target's run: picks an input from the pool, changes it, feeds it, and keeps it when it was accepted or reached
/// something new. A seed gives the same inputs again, however long the run is.
/// </summary>
internal sealed class FuzzRun
{
    private const int PoolCountMax = 2048;
    private const int AllocationFactor = 8;

    private readonly IFuzzTarget _target;
    private readonly Random _random;
    private readonly FuzzProbe _probe = new();
    private readonly List<byte[]> _pool = [];

    public FuzzRun(IFuzzTarget target, int seed, IEnumerable<byte[]> corpus)
    {
        _target = target;
        _random = new Random(seed);
        _pool.AddRange(target.Seeds);
        _pool.AddRange(corpus);
        if (_pool.Count == 0)
            _pool.Add([]);
    }

    public long RunCount { get; private set; }

    public long AcceptedCount { get; private set; }

    public int PoolCount => _pool.Count;

    public int ReachedCount => _probe.ReachedCount;

    /// <summary>Runs for <paramref name="duration"/>, or until an input fails, which it returns.</summary>
    public FuzzFailure? Run(TimeSpan duration, InputRecorder recorder)
    {
        // Seeds first: they warm the code up, so that allocation is measured on compiled, initialised types.
        foreach (byte[] seed in _pool.ToArray())
        {
            if (Try(seed, recorder) is { } failure)
                return failure;
        }

        var mutator = new Mutator(_random);
        byte[] buffer = new byte[_target.InputLengthMax];
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            for (int i = 0; i < 64; i++)
            {
                byte[] source = _pool[_random.Next(_pool.Count)];
                byte[] other = _pool[_random.Next(_pool.Count)];
                int length = mutator.Mutate(source, other, buffer);
                if (Try(buffer.AsSpan(0, length), recorder) is { } failure)
                    return failure;
            }
        }

        return null;
    }

    /// <summary>Feeds one input.</summary>
    public FuzzFailure? Try(ReadOnlySpan<byte> input, InputRecorder recorder)
    {
        recorder.Begin(input);
        _probe.BeginRun();
        RunCount++;
        try
        {
            long allowed = ((long)AllocationFactor * input.Length) + _target.AllocationSlack;
            bool accepted = Feed(input, out long allocated);
            // What allocates once only (a static table, a warm pool) is no leak: it must exceed a second time.
            if (allocated > allowed)
                Feed(input, out allocated);
            FuzzLaw.Require(allocated <= allowed, $"allocated {allocated} bytes, {allowed} allowed");
            AcceptedCount += accepted ? 1 : 0;
            if (_probe.FoundNew || (accepted && _random.Next(16) == 0))
                Keep(input);
        }
#pragma warning disable CA1031 // Whatever a decoder throws is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new FuzzFailure(input.ToArray(), e);
        }

        recorder.End();
        return null;
    }

    private bool Feed(ReadOnlySpan<byte> input, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool accepted = _target.Run(input, _probe);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return accepted;
    }

    private void Keep(ReadOnlySpan<byte> input)
    {
        if (_pool.Count < PoolCountMax)
            _pool.Add(input.ToArray());
        else
            _pool[_random.Next(_pool.Count)] = input.ToArray();
    }
}

/// <summary>An input that failed, and how.</summary>
internal sealed record FuzzFailure(byte[] Input, Exception Exception);
