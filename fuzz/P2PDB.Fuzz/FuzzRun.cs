namespace P2PDB.Fuzz;

/// <summary>
/// One target's run: picks an input from the pool, changes it, feeds it, and keeps it when it was accepted or reached
/// something new. A seed gives the same inputs again, however long the run is.
/// </summary>
internal sealed class FuzzRun
{
    private const int PoolCountMax = 2048;

    private readonly IFuzzTarget _target;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly InputRecorder? _recorder;
    private readonly FuzzProbe _probe = new();
    private readonly List<byte[]> _pool = [];
    private readonly byte[] _buffer;

    /// <param name="target">What is run.</param>
    /// <param name="seed">Repeats a run.</param>
    /// <param name="corpus">Inputs to start from beside the target's seeds.</param>
    /// <param name="recorder">Keeps the input at hand; null where a crash of the process need not leave it behind.</param>
    public FuzzRun(IFuzzTarget target, int seed, IEnumerable<byte[]> corpus, InputRecorder? recorder)
    {
        _target = target;
        _random = new Random(seed);
        _mutator = new Mutator(_random, target.Words);
        _recorder = recorder;
        _buffer = new byte[target.InputLengthMax];
        _pool.AddRange(target.Seeds);
        _pool.AddRange(corpus);
        if (_pool.Count == 0)
            _pool.Add([]);
    }

    /// <summary>Called with each changed input that reached something new.</summary>
    public Action<byte[]>? FoundNew { get; init; }

    public long RunCount { get; private set; }

    public long AcceptedCount { get; private set; }

    /// <summary>Most bytes that decoding allocated for a byte of its input, the slack taken off; below zero where none needed more.</summary>
    public double AllocationPeak { get; private set; } = double.NegativeInfinity;

    public int PoolCount => _pool.Count;

    public int ReachedCount => _probe.ReachedCount;

    /// <summary>
    /// Runs the seeds as they are; returns what failed. They come first: they warm the code up, so that allocation is
    /// measured on compiled, initialised types.
    /// </summary>
    public FuzzFailure? RunSeeds()
    {
        foreach (byte[] seed in _pool.ToArray())
        {
            if (Try(seed) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>Runs that many changed inputs, or until one fails, which it returns.</summary>
    public FuzzFailure? RunChanged(int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] source = _pool[_random.Next(_pool.Count)];
            byte[] other = _pool[_random.Next(_pool.Count)];
            int length = _mutator.Mutate(source, other, _buffer);
            // Some stay broken: the checks that repairing satisfies are code to run as well.
            if (_random.Next(8) != 0)
                length = _target.Repair(_buffer, length);
            if (Try(_buffer.AsSpan(0, length)) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>Feeds one input; returns how it failed, or null.</summary>
    public FuzzFailure? Try(ReadOnlySpan<byte> input)
    {
        _recorder?.Begin(input);
        RunCount++;
        try
        {
            bool accepted = Feed(input, out long allocated);
            bool foundNew = _probe.FoundNew;
            // What allocates once only (a static table, a warm pool) is no leak: it must come up a second time.
            if (FactorOf(allocated, input.Length) > AllocationPeak)
                Feed(input, out allocated);
            double factor = FactorOf(allocated, input.Length);
            FuzzLaw.Require(
                factor <= _target.AllocationFactor, $"allocated {allocated} bytes: {factor:F1} × the input, {_target.AllocationFactor} allowed");
            // What needs more memory than any before is worth changing further: so the most that inputs can need is found.
            foundNew |= factor > AllocationPeak;
            AllocationPeak = Math.Max(AllocationPeak, factor);
            AcceptedCount += accepted ? 1 : 0;
            if (foundNew || (accepted && _random.Next(16) == 0))
                Keep(input.ToArray(), foundNew);
        }
#pragma warning disable CA1031 // Whatever a decoder throws is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new FuzzFailure(input.ToArray(), e);
        }

        _recorder?.End();
        return null;
    }

    private double FactorOf(long allocated, int length) =>
        (double)(allocated - _target.AllocationSlack) / Math.Max(length, 1);

    private bool Feed(ReadOnlySpan<byte> input, out long allocated)
    {
        _probe.BeginRun();
        bool accepted = _target.Run(input, _probe);
        allocated = _probe.EndRun();
        return accepted;
    }

    private void Keep(byte[] input, bool foundNew)
    {
        if (_pool.Count < PoolCountMax)
            _pool.Add(input);
        else
            _pool[_random.Next(_pool.Count)] = input;
        if (foundNew)
            FoundNew?.Invoke(input);
    }
}

/// <summary>An input that failed, and how.</summary>
internal sealed record FuzzFailure(byte[] Input, Exception Exception);
