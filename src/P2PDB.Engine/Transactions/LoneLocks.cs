using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Transactions;

// LONE LOCKS
//
// A transaction may hold millions of locks, and hardly ever two have to do with one key. So a lock that has one holder and no
// waiter is a slot of twelve bytes in a hash table: open addressing with linear probing, and what lies behind a removed slot moves
// up, so that no marks of removed ones are left. The table is in parts that grow and shrink each by itself: no moment needs twice
// the memory, or much time. It lies beside the garbage collector's memory, which would keep the smaller tables for long.

/// <summary>The locks that one owner holds and nobody else has to do with. Guarded by <see cref="KeyLocks"/>.</summary>
internal sealed class LoneLocks
{
    private const int PartBits = 6;
    private const int PartLengthMin = 16;

    private readonly NativeArray<LoneLock>?[] _parts = new NativeArray<LoneLock>?[1 << PartBits];
    private readonly int[] _counts = new int[1 << PartBits];

    /// <summary>Number of locks.</summary>
    public int Count { get; private set; }

    /// <summary>The lock of a key: without a holder where there is none.</summary>
    public LoneLock Find(ulong name)
    {
        if (_parts[PartOf(name)] is not { } part)
            return default;
        Span<LoneLock> slots = part.Span;
        return slots[Locate(slots, name)];
    }

    /// <summary>The slot of a key, valid until the next change; one without a holder is new, and is given one at once.</summary>
    public ref LoneLock FindOrAdd(ulong name)
    {
        int number = PartOf(name);
        NativeArray<LoneLock> part = _parts[number] ??= new NativeArray<LoneLock>(PartLengthMin);
        int index = Locate(part.Span, name);
        if (!part[index].IsHeld)
        {
            if ((_counts[number] + 1) * 4L > part.Count * 3L)
            {
                part = Resize(number, (int)Math.Min((part.Count * 3L / 2) + 1, int.MaxValue));
                index = Locate(part.Span, name);
            }

            _counts[number]++;
            Count++;
            part[index].Name = name;
        }

        return ref part[index];
    }

    /// <summary>Removes the lock of a key, which is there.</summary>
    public void Remove(ulong name)
    {
        int number = PartOf(name);
        Span<LoneLock> slots = _parts[number]!.Span;
        RemoveAt(number, slots, Locate(slots, name));
    }

    /// <summary>Removes all locks of an owner: looks at all there are.</summary>
    public void RemoveAll(int owner)
    {
        for (int number = 0; number < _parts.Length; number++)
        {
            if (_parts[number] is not { } part)
                continue;
            int removed = 0;
            foreach (ref readonly LoneLock slot in part.Span)
                removed += slot.IsHeld && slot.Owner == owner ? 1 : 0;
            if (removed == 0)
                continue;
            if (removed < _counts[number] / 2)
                RemoveEach(number, part.Span, owner);
            else
                Rebuild(number, part, owner, removed);
        }
    }

    private static int PartOf(ulong name) => (int)(Spread(name) >> (64 - PartBits));

    private static int HomeOf(ulong name, int length) => (int)(((Spread(name) >> (32 - PartBits) & uint.MaxValue) * (uint)length) >> 32);

    private static ulong Spread(ulong name) => name * 0x9E3779B97F4A7C15UL;

    /// <summary>The slot of a key, or the empty one where it belongs.</summary>
    private static int Locate(ReadOnlySpan<LoneLock> slots, ulong name)
    {
        int index = HomeOf(name, slots.Length);
        while (slots[index].IsHeld && slots[index].Name != name)
            index = After(index, slots.Length);
        return index;
    }

    private static int After(int index, int length) => index + 1 == length ? 0 : index + 1;

    private static int Distance(int from, int to, int length) => to >= from ? to - from : to - from + length;

    private void RemoveAt(int number, Span<LoneLock> slots, int hole)
    {
        for (int next = After(hole, slots.Length); slots[next].IsHeld; next = After(next, slots.Length))
        {
            int home = HomeOf(slots[next].Name, slots.Length);
            if (Distance(home, next, slots.Length) < Distance(hole, next, slots.Length))
                continue;   // it belongs behind the hole
            slots[hole] = slots[next];
            hole = next;
        }

        slots[hole] = default;
        _counts[number]--;
        Count--;
    }

    private void RemoveEach(int number, Span<LoneLock> slots, int owner)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            // Again at the same place: another may have moved up.
            while (slots[i].IsHeld && slots[i].Owner == owner)
                RemoveAt(number, slots, i);
        }
    }

    /// <summary>Keeps the others in a table that fits them.</summary>
    private void Rebuild(int number, NativeArray<LoneLock> part, int owner, int removed)
    {
        foreach (ref LoneLock slot in part.Span)
        {
            if (slot.Owner == owner)
                slot = default;
        }

        _counts[number] -= removed;
        Count -= removed;
        Resize(number, Math.Max(PartLengthMin, (_counts[number] * 3 / 2) + 1));
    }

    private NativeArray<LoneLock> Resize(int number, int length)
    {
        using NativeArray<LoneLock> former = _parts[number]!;
        var resized = new NativeArray<LoneLock>(length);
        Span<LoneLock> slots = resized.Span;
        foreach (ref readonly LoneLock slot in former.Span)
        {
            if (slot.IsHeld)
                slots[Locate(slots, slot.Name)] = slot;
        }

        return _parts[number] = resized;
    }
}
