using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

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
//  - A peer's entry takes no lock. After it is published, the commit thread names the rows it changed, and their holders
//    are doomed: they wake up, and their commit is refused.

/// <summary>The node's table of key locks: exclusive or shared, with time-out, deadlock search and dooming.</summary>
internal sealed class KeyLocks
{
    private const int SparesMax = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, KeyLock> _locks = [];
    private readonly Stack<KeyLock> _spares = new();
    private readonly Stack<LockOwner> _search = new();
    private long _searchRound;

    /// <summary>Keys locked or waited for at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _locks.Count;
        }
    }

    /// <summary>Name of a key in the lock table.</summary>
    public static ulong NameOf(ulong treeId, ReadOnlySpan<byte> key)
    {
        // PERF: multiply-and-fold over eight bytes at a time; the names never leave the process, so any mixing will do.
        ulong hash = (treeId + 0x9E3779B97F4A7C15UL) * 0xFF51AFD7ED558CCDUL ^ (ulong)key.Length;
        while (key.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < key.Length; i++)
            tail |= (ulong)key[i] << (8 * i);
        return Mix(hash ^ tail ^ 0xA0761D6478BD642FUL);
    }

    /// <summary>Takes the lock, waiting at most <paramref name="timeout"/>. Holding it already costs one look-up.</summary>
    public LockStatus Acquire(LockOwner owner, ulong name, LockMode mode, TimeSpan timeout)
    {
        lock (_gate)
        {
            if (owner.IsDoomed)
                return LockStatus.Doomed;

            KeyLock entry = Entry(name);
            if (entry.IsHeldBy(owner, mode))
                return LockStatus.Granted;

            bool raises = entry.SharedHolders.Contains(owner);
            if (entry.Admits(owner, mode) && (raises || entry.Waiters.Count == 0))
            {
                if (entry.Grant(owner, mode))
                    owner.Held.Add(name);
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
        if (owner.Held.Count == 0 && !owner.IsDoomed)
            return;

        lock (_gate)
        {
            foreach (ulong name in CollectionsMarshal.AsSpan(owner.Held))
            {
                if (!_locks.TryGetValue(name, out KeyLock? entry))
                    continue;
                if (ReferenceEquals(entry.ExclusiveHolder, owner))
                    entry.ExclusiveHolder = null;
                else
                    entry.SharedHolders.Remove(owner);
                ServeWaiters(entry);
                Forget(entry);
            }

            owner.Held.Clear();
            owner.SetDoomed(false);
        }
    }

    /// <summary>Tells the holders of a key that a peer's entry changed it. Called by the commit thread, after publishing.</summary>
    public void Doom(ulong name)
    {
        lock (_gate)
        {
            if (!_locks.TryGetValue(name, out KeyLock? entry))
                return;
            if (entry.ExclusiveHolder is not null)
                DoomOwner(entry.ExclusiveHolder);
            foreach (LockOwner holder in entry.SharedHolders)
                DoomOwner(holder);
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
            // Dooming ends waits, and a lock that nobody holds or waits for any more is forgotten: so a list of its own.
            List<LockOwner> holders = [];
            foreach (KeyLock entry in _locks.Values)
            {
                if (entry.ExclusiveHolder is not null)
                    holders.Add(entry.ExclusiveHolder);
                holders.AddRange(entry.SharedHolders);
            }

            foreach (LockOwner holder in holders)
                DoomOwner(holder);
        }
    }

    /// <summary>Ends the wait of an owner whose session was killed; nothing happens when it does not wait.</summary>
    public void Interrupt(LockOwner owner)
    {
        lock (_gate)
            EndWait(owner, LockStatus.Killed);
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xE7037ED1A0B428DBUL, out ulong low);
        return BitOperations.RotateLeft(high, 17) ^ low;
    }

    private KeyLock Entry(ulong name)
    {
        ref KeyLock? slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_locks, name, out bool exists);
        if (!exists)
        {
            slot = _spares.Count > 0 ? _spares.Pop() : new KeyLock();
            slot.Name = name;
        }

        return slot!;
    }

    private void Forget(KeyLock entry)
    {
        if (!entry.IsIdle)
            return;
        _locks.Remove(entry.Name);
        if (_spares.Count < SparesMax)
            _spares.Push(entry);
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
        Forget(entry);
    }

    private void EndWait(LockOwner owner, LockStatus outcome)
    {
        if (owner.WaitingFor is null)
            return;
        StopWaiting(owner);
        owner.WaitOutcome = outcome;
        owner.Wakeup.Release();
    }

    private static void ServeWaiters(KeyLock entry)
    {
        while (entry.Waiters.Count > 0)
        {
            LockOwner next = entry.Waiters[0];
            if (!entry.Admits(next, next.WaitingMode))
                return;
            entry.Waiters.RemoveAt(0);
            if (entry.Grant(next, next.WaitingMode))
                next.Held.Add(entry.Name);
            next.WaitingFor = null;
            next.WaitOutcome = LockStatus.Granted;
            next.Wakeup.Release();
        }
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
