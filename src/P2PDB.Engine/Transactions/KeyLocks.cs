using System.Runtime.InteropServices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Transactions;

// KEY LOCKS
//
// A lock is on a key of a tree, whether a row stands there or not: that is what lets two INSERTs of one key meet before
// either is committed. The key's name here is a 64-bit hash of tree and key bytes: two keys that share a hash only wait
// for each other needlessly, and nothing is copied.
//
// INVARIANTS
//  - A key has either one exclusive holder or any number of shared ones; a holder of a shared lock who is alone may raise
//    it to exclusive.
//  - Waiters are served in order of arrival, but one who raises its own shared lock goes first: everybody behind it would
//    wait for it anyway.
//  - Locks are released all at once, at the end of the transaction (two-phase locking).
//  - Before an owner waits, the table follows "waits for" edges from it; if they lead back to it, it is the victim. Edges
//    only appear when somebody starts to wait, so searching then finds every circle.
//  - A key that one owner holds and nobody waits for is among the lone locks; any other that is held is among the contended ones.
//  - A peer's entry takes no lock. After it is published, the commit thread names the rows it changed, and their holders
//    are doomed: they wake up, and their commit is refused.

/// <summary>The node's table of key locks: exclusive or shared, with time-out, deadlock search and dooming.</summary>
internal sealed class KeyLocks
{
    private const int SparesMax = 4096;

    private readonly Lock _gate = new();
    private readonly LoneLocks _lone = new();
    private readonly Dictionary<ulong, KeyLock> _contended = [];
    private readonly Stack<KeyLock> _spares = new();
    private readonly List<LockOwner?> _owners = [null];
    private readonly Stack<int> _freeNumbers = new();
    private readonly List<LockOwner> _doomed = [];
    private readonly Stack<LockOwner> _search = new();
    private long _searchRound;

    /// <summary>Keys locked or waited for at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _lone.Count + _contended.Count;
        }
    }

    /// <summary>Name of a key in the lock table.</summary>
    public static ulong NameOf(ulong treeId, ReadOnlySpan<byte> key) => KeyHash.Of(treeId, key);

    /// <summary>Takes the lock, waiting at most <paramref name="timeout"/>. Holding it already costs one look-up.</summary>
    public LockStatus Acquire(LockOwner owner, ulong name, LockMode mode, TimeSpan timeout)
    {
        lock (_gate)
        {
            if (owner.IsDoomed)
                return LockStatus.Doomed;

            if (!_contended.TryGetValue(name, out KeyLock? entry))
            {
                ref LoneLock lone = ref _lone.FindOrAdd(name);
                if (!lone.IsHeld || lone.Owner == owner.Number)
                {
                    HoldAlone(owner, ref lone, mode);
                    return LockStatus.Granted;
                }

                bool isShared = lone.Mode == LockMode.Shared && mode == LockMode.Shared;
                if (timeout <= TimeSpan.Zero && !isShared)
                    return LockStatus.TimedOut;
                entry = Contend(lone);
            }

            if (entry.IsHeldBy(owner, mode))
                return LockStatus.Granted;

            bool raises = entry.SharedHolders.Contains(owner);
            if (entry.Admits(owner, mode) && (raises || entry.Waiters.Count == 0))
            {
                Grant(entry, owner, mode);
                return LockStatus.Granted;
            }

            if (timeout <= TimeSpan.Zero)
                return LockStatus.TimedOut;

            owner.WaitingFor = entry;
            owner.WaitingMode = mode;
            entry.Waiters.Insert(raises ? 0 : entry.Waiters.Count, owner);
            if (ClosesCircle(owner))
            {
                StopWaiting(owner);
                return LockStatus.Deadlock;
            }
        }

        return Wait(owner, timeout);
    }

    /// <summary>Gives back every lock of <paramref name="owner"/>, wakes who may go on, and clears its doom.</summary>
    public void ReleaseAll(LockOwner owner)
    {
        if (owner.HeldCount == 0 && !owner.IsDoomed)
            return;

        lock (_gate)
        {
            if (owner.Listed is { } names)
            {
                foreach (ulong name in CollectionsMarshal.AsSpan(names))
                    Release(owner, name);
            }
            else
            {
                _lone.RemoveAll(owner.Number);
                foreach (KeyLock entry in ContendedOf(owner))
                    Release(owner, entry);
            }

            owner.ForgetHeld();
            TakeNumber(owner);
            owner.SetDoomed(false);
        }
    }

    /// <summary>Tells the holders of a key that a peer's entry changed it. Called by the commit thread, after publishing.</summary>
    public void Doom(ulong name)
    {
        lock (_gate)
        {
            if (_contended.TryGetValue(name, out KeyLock? entry))
            {
                if (entry.ExclusiveHolder is not null)
                    _doomed.Add(entry.ExclusiveHolder);
                _doomed.AddRange(entry.SharedHolders);
            }
            else if (_lone.Find(name) is { IsHeld: true } lone)
            {
                _doomed.Add(_owners[lone.Owner]!);
            }

            DoomNoted();
        }
    }

    /// <summary>Tells one owner that what it has read has changed.</summary>
    public void Doom(LockOwner owner)
    {
        lock (_gate)
            DoomOwner(owner);
    }

    /// <summary>Tells all holders that a peer's entry changed some keys, where nobody noted which.</summary>
    public void DoomAll()
    {
        lock (_gate)
        {
            foreach (LockOwner? owner in _owners)
            {
                if (owner is not null)
                    _doomed.Add(owner);
            }

            DoomNoted();
        }
    }

    /// <summary>Ends the wait of an owner whose session was killed; nothing happens when it does not wait.</summary>
    public void Interrupt(LockOwner owner)
    {
        lock (_gate)
            EndWait(owner, LockStatus.Killed);
    }

    /// <summary>Gives a lone lock to an owner that holds it already, or to the first.</summary>
    private void HoldAlone(LockOwner owner, ref LoneLock lone, LockMode mode)
    {
        if (lone.IsHeld)
        {
            if (mode == LockMode.Exclusive)
                lone.Hold(owner.Number, mode);
            return;
        }

        GiveNumber(owner);
        lone.Hold(owner.Number, mode);
        owner.NoteHeld(lone.Name);
    }

    /// <summary>Makes a lone lock one that several may have to do with.</summary>
    private KeyLock Contend(LoneLock lone)
    {
        KeyLock entry = _spares.Count > 0 ? _spares.Pop() : new KeyLock();
        entry.Name = lone.Name;
        entry.Grant(_owners[lone.Owner]!, lone.Mode);
        _lone.Remove(lone.Name);
        _contended.Add(entry.Name, entry);
        return entry;
    }

    /// <summary>Forgets a lock that nobody has to do with any more; one with a single holder is a lone one again.</summary>
    private void Settle(KeyLock entry)
    {
        LockOwner? sole = entry.SoleHolder;
        if (sole is null && !entry.IsIdle)
            return;
        _contended.Remove(entry.Name);
        if (sole is not null)
        {
            LockMode mode = entry.ExclusiveHolder is null ? LockMode.Shared : LockMode.Exclusive;
            _lone.FindOrAdd(entry.Name).Hold(sole.Number, mode);
            entry.Release(sole);
        }

        if (_spares.Count < SparesMax)
            _spares.Push(entry);
    }

    private void Grant(KeyLock entry, LockOwner owner, LockMode mode)
    {
        if (!entry.Grant(owner, mode))
            return;
        GiveNumber(owner);
        owner.NoteHeld(entry.Name);
    }

    private void Release(LockOwner owner, ulong name)
    {
        if (_contended.TryGetValue(name, out KeyLock? entry))
            Release(owner, entry);
        else
            _lone.Remove(name);
    }

    private void Release(LockOwner owner, KeyLock entry)
    {
        entry.Release(owner);
        ServeWaiters(entry);
        Settle(entry);
    }

    private List<KeyLock> ContendedOf(LockOwner owner)
    {
        List<KeyLock> held = [];
        foreach (KeyLock entry in _contended.Values)
        {
            if (entry.IsHeldBy(owner, LockMode.Shared))
                held.Add(entry);
        }

        return held;
    }

    private void GiveNumber(LockOwner owner)
    {
        if (owner.Number != 0)
            return;
        if (!_freeNumbers.TryPop(out int number))
        {
            number = _owners.Count;
            _owners.Add(null);
        }

        owner.Number = number;
        _owners[number] = owner;
    }

    private void TakeNumber(LockOwner owner)
    {
        if (owner.Number == 0)
            return;
        _owners[owner.Number] = null;
        _freeNumbers.Push(owner.Number);
        owner.Number = 0;
    }

    private LockStatus Wait(LockOwner owner, TimeSpan timeout)
    {
        if (owner.Wakeup.Wait(timeout))
            return owner.WaitOutcome;

        lock (_gate)
        {
            if (owner.WaitingFor is not null)
            {
                StopWaiting(owner);
                return LockStatus.TimedOut;
            }
        }

        // The lock was granted between the time-out and the gate: the signal is there, take it.
        owner.Wakeup.Wait();
        return owner.WaitOutcome;
    }

    private void StopWaiting(LockOwner owner)
    {
        KeyLock entry = owner.WaitingFor!;
        owner.WaitingFor = null;
        entry.Waiters.Remove(owner);
        ServeWaiters(entry);
        Settle(entry);
    }

    private void EndWait(LockOwner owner, LockStatus outcome)
    {
        if (owner.WaitingFor is null)
            return;
        StopWaiting(owner);
        owner.WaitOutcome = outcome;
        owner.Wakeup.Release();
    }

    private void ServeWaiters(KeyLock entry)
    {
        while (entry.Waiters.Count > 0)
        {
            LockOwner next = entry.Waiters[0];
            if (!entry.Admits(next, next.WaitingMode))
                return;
            entry.Waiters.RemoveAt(0);
            Grant(entry, next, next.WaitingMode);
            next.WaitingFor = null;
            next.WaitOutcome = LockStatus.Granted;
            next.Wakeup.Release();
        }
    }

    /// <summary>Dooming ends waits, and that lets others hold what they waited for: so the list is made before.</summary>
    private void DoomNoted()
    {
        foreach (LockOwner owner in _doomed)
            DoomOwner(owner);
        _doomed.Clear();
    }

    private void DoomOwner(LockOwner owner)
    {
        owner.SetDoomed(true);
        EndWait(owner, LockStatus.Doomed);
    }

    /// <summary>Depth-first over "waits for" edges; the stack and the round numbers make it free of allocations.</summary>
    private bool ClosesCircle(LockOwner start)
    {
        _searchRound++;
        _search.Clear();
        _search.Push(start);
        bool isFirst = true;
        while (_search.TryPop(out LockOwner? owner))
        {
            if (!isFirst && ReferenceEquals(owner, start))
                return true;
            isFirst = false;
            if (owner.VisitedRound == _searchRound || owner.WaitingFor is not { } entry)
                continue;

            owner.VisitedRound = _searchRound;
            PushUnlessSelf(entry.ExclusiveHolder, owner);
            foreach (LockOwner holder in entry.SharedHolders)
                PushUnlessSelf(holder, owner);
            foreach (LockOwner earlier in entry.Waiters)
            {
                // Who came earlier is served earlier, so a waiter waits for them as well.
                if (ReferenceEquals(earlier, owner))
                    break;
                _search.Push(earlier);
            }
        }

        return false;
    }

    private void PushUnlessSelf(LockOwner? holder, LockOwner owner)
    {
        if (holder is not null && !ReferenceEquals(holder, owner))
            _search.Push(holder);
    }
}
