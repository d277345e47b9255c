namespace P2PDB.Engine.Execution.Status;

/// <summary>
/// One session's counts. Its thread alone adds, without a lock or an atomic operation; others read what may be a moment old.
/// </summary>
internal sealed class StatusCounters
{
    private static readonly int Count = Enum.GetValues<StatusCounter>().Length;

    private readonly long[] _values = new long[Count];

    /// <summary>A count; from any thread.</summary>
    public long this[StatusCounter counter] => Volatile.Read(ref _values[(int)counter]);

    /// <summary>Adds to a count; on the owner's thread.</summary>
    public void Add(StatusCounter counter, long amount = 1) =>
        Volatile.Write(ref _values[(int)counter], _values[(int)counter] + amount);

    /// <summary>Adds all counts of another; on the owner's thread.</summary>
    public void Add(StatusCounters other)
    {
        for (int i = 0; i < Count; i++)
            Add((StatusCounter)i, other[(StatusCounter)i]);
    }

    /// <summary>Back to zero; on the owner's thread.</summary>
    public void Clear() => Array.Clear(_values);
}
