namespace P2PDB.Engine.Transactions;

/// <summary>
/// One transaction as the lock table sees it: the keys it holds, the key it waits for, and whether a peer's entry took
/// the ground from under it. Belongs to one session; all fields but <see cref="IsDoomed"/> are guarded by the table.
/// </summary>
internal sealed class LockOwner : IDisposable
{
    /// <summary>Keys that are listed; the locks of an owner of more are found by looking at all.</summary>
    private const int ListedCountMax = 8192;

    private readonly List<ulong> _listed = [];
    private int _doomed;

    /// <summary>Signalled when a wait ends, for whatever reason.</summary>
    internal SemaphoreSlim Wakeup { get; } = new(0, 1);

    /// <summary>The table's number for the owner, from 1 on; 0 while it holds nothing.</summary>
    internal int Number { get; set; }

    /// <summary>Hashes of the keys held, in the order they were taken; null where there are too many to list.</summary>
    internal List<ulong>? Listed => HeldCount <= ListedCountMax ? _listed : null;

    /// <summary>The lock that this owner waits for, or null.</summary>
    internal KeyLock? WaitingFor { get; set; }

    /// <summary>The mode it waits for.</summary>
    internal LockMode WaitingMode { get; set; }

    /// <summary>How the wait ended; meaningful once <see cref="Wakeup"/> was signalled.</summary>
    internal LockStatus WaitOutcome { get; set; }

    /// <summary>Round of the last deadlock search that came by here: saves a set per search.</summary>
    internal long VisitedRound { get; set; }

    /// <summary>True once a peer's entry changed a row this owner had locked; cleared by releasing all locks.</summary>
    public bool IsDoomed => Volatile.Read(ref _doomed) != 0;

    /// <summary>Number of keys held.</summary>
    public int HeldCount { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => Wakeup.Dispose();

    /// <summary>Notes a key that the owner holds from now on.</summary>
    internal void NoteHeld(ulong name)
    {
        if (++HeldCount <= ListedCountMax)
            _listed.Add(name);
    }

    /// <summary>The owner holds nothing any more.</summary>
    internal void ForgetHeld()
    {
        HeldCount = 0;
        _listed.Clear();
    }

    internal void SetDoomed(bool doomed) => Volatile.Write(ref _doomed, doomed ? 1 : 0);
}
