using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Inspection;

// WHAT AN ENTRY HAS SEEN
//
// An entry has seen what its previous entry and its parents have seen, and those. For each pair of chains the index of the last
// entry of the one that an entry of the other has seen only grows along the chain, so a list of the places where it grows says it
// for all entries. One pass over the headers in the order of time fills the lists, since what an entry has seen is earlier than it. They take
// 8 bytes for each entry that brought news of a chain to another, and are counted with the statement's memory.

/// <summary>Tells for any two entries of a log whether the one had seen the other; see the prose above.</summary>
internal sealed class CausalPast
{
    private const int CountedCount = 4096;

    private readonly Dictionary<(int Chain, int Other), List<(int Index, int Seen)>> _seen = [];
    private readonly Dictionary<int, List<int>> _others = [];   // chains of which a chain has seen anything
    private MemoryHold _memory;
    private long _count;

    /// <summary>Reads the headers of all entries.</summary>
    public CausalPast(DatabaseLog log, StatementContext context)
    {
        var queue = new PriorityQueue<(HeldEntry Entry, List<HeldEntry> Batch, int Next), HlcTimestamp>();
        int chains = log.Held.ChainCount;
        for (int number = 0; number < chains; number++)
            Enqueue(log, queue, [], new EntryPosition(number, 0), 0);
        List<EntryPosition> parents = [];
        while (queue.TryDequeue(out (HeldEntry Entry, List<HeldEntry> Batch, int Next) next, out _))
        {
            parents.Clear();
            EntryPosition position = next.Entry.Position;
            log.Held.GetCauses(position, parents);
            foreach (EntryPosition parent in parents)
                Take(position, parent, context);
            Enqueue(log, queue, next.Batch, position with { Index = position.Index + 1 }, next.Next);
            if (position.Index % CountedCount == 0)
                context.ThrowIfStopped();
        }
    }

    /// <summary>True where an entry had seen another, or is that.</summary>
    public bool Contains(EntryPosition later, EntryPosition earlier) => SeenAt(later, earlier.Chain) >= earlier.Index;

    private static void Enqueue(
        DatabaseLog log, PriorityQueue<(HeldEntry Entry, List<HeldEntry> Batch, int Next), HlcTimestamp> queue, List<HeldEntry> batch, EntryPosition position, int next)
    {
        const int BatchCount = 256;
        if (next == batch.Count)
        {
            batch.Clear();
            next = 0;
            if (log.Held.TryGetChain(position.Chain, out _, out _, out _))
                log.Held.CopyTo(batch, position, BatchCount);
        }

        if (batch.Count > 0)
            queue.Enqueue((batch[next], batch, next + 1), batch[next].Hlc);
    }

    private void Take(EntryPosition position, EntryPosition parent, StatementContext context)
    {
        if (parent.Chain == position.Chain)
            return;
        Note(position, parent.Chain, parent.Index, context);
        foreach (int other in _others.GetValueOrDefault(parent.Chain) ?? [])
        {
            if (other != position.Chain)
                Note(position, other, SeenAt(parent, other), context);
        }
    }

    private void Note(EntryPosition position, int other, int seen, StatementContext context)
    {
        if (seen <= SeenAt(position, other))
            return;
        if (!_seen.TryGetValue((position.Chain, other), out List<(int Index, int Seen)>? places))
        {
            _seen.Add((position.Chain, other), places = []);
            if (!_others.TryGetValue(position.Chain, out List<int>? others))
                _others.Add(position.Chain, others = []);
            others.Add(other);
        }

        if (places.Count > 0 && places[^1].Index == position.Index)
            places[^1] = (position.Index, seen);
        else
            places.Add((position.Index, seen));
        if (++_count % CountedCount == 0)
            _memory.Set(context, _count * 8);
    }

    /// <summary>The index of the last entry of a chain that an entry has seen; negative for none.</summary>
    private int SeenAt(EntryPosition position, int other)
    {
        if (position.Chain == other)
            return position.Index;
        if (!_seen.TryGetValue((position.Chain, other), out List<(int Index, int Seen)>? places))
            return -1;
        int low = 0;
        int high = places.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (places[middle].Index <= position.Index)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? -1 : places[low - 1].Seen;
    }
}
