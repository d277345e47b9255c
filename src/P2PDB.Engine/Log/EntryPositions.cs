using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

// A table of open addressing with as many slots as a power of two, at most three quarters of them taken. A slot has where the
// entry is held and a hash of its id; the id itself lies with the chain. Entries never leave.

/// <summary>Where each held entry is, by its id. All calls are made under the log's gate.</summary>
#pragma warning disable CA1001 // Freed with the last reference: of a database that is dropped somebody may still read.
internal sealed class EntryPositions(ChainSet chains)
#pragma warning restore CA1001
{
    private const int SlotCountMin = 16;

    private NativeArray<Slot> _slots = new(SlotCountMin);

    /// <summary>Entries held.</summary>
    public int Count { get; private set; }

    /// <summary>Finds an entry.</summary>
    public bool TryGetValue(in EntryId id, out EntryPosition position)
    {
        int hash = id.GetHashCode();
        Span<Slot> slots = _slots.Span;
        for (int index = hash & (slots.Length - 1); slots[index].ChainPlusOne != 0; index = (index + 1) & (slots.Length - 1))
        {
            position = new EntryPosition(slots[index].ChainPlusOne - 1, slots[index].Index);
            if (slots[index].Hash == hash && chains[position].Id == id)
                return true;
        }

        position = default;
        return false;
    }

    /// <summary>True where the entry is held.</summary>
    public bool Contains(in EntryId id) => TryGetValue(id, out _);

    /// <summary>The position of a held entry.</summary>
    public EntryPosition this[in EntryId id]
    {
        get
        {
            bool isHeld = TryGetValue(id, out EntryPosition position);
            Invariant.Check(isHeld, "the entry is held");
            return position;
        }
    }

    /// <summary>Adds an entry that its chain has and the table has not.</summary>
    public void Add(in EntryId id, EntryPosition position)
    {
        if (Count >= _slots.Count / 4 * 3)
            Grow();
        Put(_slots.Span, new Slot { ChainPlusOne = position.Chain + 1, Index = position.Index, Hash = id.GetHashCode() });
        Count++;
    }

    private void Grow()
    {
        using NativeArray<Slot> old = _slots;
        _slots = new NativeArray<Slot>(checked(old.Count * 2));
        foreach (Slot slot in old.Span)
        {
            if (slot.ChainPlusOne != 0)
                Put(_slots.Span, slot);
        }
    }

    private static void Put(Span<Slot> slots, Slot slot)
    {
        int index = slot.Hash & (slots.Length - 1);
        while (slots[index].ChainPlusOne != 0)
            index = (index + 1) & (slots.Length - 1);
        slots[index] = slot;
    }

    private struct Slot
    {
        public int ChainPlusOne;
        public int Index;
        public int Hash;
    }
}
