namespace P2PDB.Engine.Catalog;

/// <summary>
/// The largest AUTO_INCREMENT value that this node has seen or given out for one table. It belongs to the table for the
/// life of the process, is shared by all versions of its schema, and only grows. Safe for several threads.
/// </summary>
internal sealed class AutoIncrementCounter
{
    private ulong _largest;
    private ulong _reserved;

    /// <summary>The largest value seen or given out; 0 at first.</summary>
    public ulong Largest => Volatile.Read(ref _largest);

    /// <summary>Values up to here are reserved, durably, for this process to give out; 0 before the first reservation.</summary>
    public ulong Reserved
    {
        get => Volatile.Read(ref _reserved);
        set => Volatile.Write(ref _reserved, value);
    }

    /// <summary>Takes note of a value in the table, or of ALTER TABLE … AUTO_INCREMENT = value + 1.</summary>
    public void Observe(ulong value)
    {
        ulong largest = Largest;
        while (value > largest)
        {
            ulong found = Interlocked.CompareExchange(ref _largest, value, largest);
            if (found == largest)
                return;
            largest = found;
        }
    }

    /// <summary>
    /// Gives out the smallest value above all seen that is <paramref name="residue"/> modulo <paramref name="modulus"/>;
    /// false when it would exceed <paramref name="max"/>.
    /// </summary>
    public bool TryNext(ulong modulus, ulong residue, ulong max, out ulong value)
    {
        while (true)
        {
            ulong largest = Largest;
            value = NextAfter(largest, modulus, residue);
            if (value <= largest || value > max)
                return false;
            if (Interlocked.CompareExchange(ref _largest, value, largest) == largest)
                return true;
        }
    }

    /// <summary>The smallest number above <paramref name="largest"/> in the class; wraps to a smaller one past 2^64.</summary>
    public static ulong NextAfter(ulong largest, ulong modulus, ulong residue)
    {
        ulong start = unchecked(largest + 1);
        if (modulus <= 1)
            return start;
        ulong step = (residue % modulus + modulus - start % modulus) % modulus;
        return unchecked(start + step);
    }
}
