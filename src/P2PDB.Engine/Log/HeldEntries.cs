using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// All that a log holds, for those who look through it. Any thread may ask, and each question takes the log's gate for its own
/// length only: what is held between two questions comes too, where its place is still ahead.
/// </summary>
internal sealed class HeldEntries(
    ChainSet chains, EntryPositions positions, IReadOnlySet<EntryId> heads, IReadOnlySet<EntryPosition> voidBySchema, EntryStore store,
    Lock gate)
{
    private bool _isClosed;

    /// <summary>Chains and branches, by number from 0 on.</summary>
    public int ChainCount
    {
        get
        {
            lock (gate)
                return _isClosed ? 0 : chains.Count;
        }
    }

    /// <summary>The author of a chain, the seq of its first entry, and how many it has; false for a number without a chain.</summary>
    public bool TryGetChain(int number, out AuthorKey author, out ulong firstSeq, out int count)
    {
        lock (gate)
        {
            (author, firstSeq, count) = (default, 0, 0);
            if (_isClosed || number >= chains.Count || !chains.IsHeld(number))
                return false;
            Chain chain = chains[number];
            (author, firstSeq, count) = (chain.Author, chain.FirstSeq, chain.Count);
            return true;
        }
    }

    /// <summary>Adds the entries of a chain from an index on, at most <paramref name="countMax"/>; none at its end.</summary>
    public void CopyTo(List<HeldEntry> target, EntryPosition first, int countMax)
    {
        lock (gate)
        {
            if (_isClosed)
                return;
            int end = Math.Min(chains[first.Chain].Count, first.Index + countMax);
            for (int index = first.Index; index < end; index++)
                target.Add(At(first with { Index = index }));
        }
    }

    /// <summary>Finds a held entry by its id.</summary>
    public bool TryFind(in EntryId id, out HeldEntry entry)
    {
        lock (gate)
        {
            entry = default;
            if (_isClosed || !positions.TryGetValue(id, out EntryPosition position))
                return false;
            entry = At(position);
            return true;
        }
    }

    /// <summary>Finds the entry of a chain that has exactly this time.</summary>
    public bool TryFind(int chain, HlcTimestamp time, out HeldEntry entry)
    {
        lock (gate)
        {
            entry = default;
            int index = _isClosed || !chains.IsHeld(chain) ? -1 : chains[chain].IndexOf(time);
            if (index >= 0)
                entry = At(new EntryPosition(chain, index));
            return index >= 0;
        }
    }

    /// <summary>Adds the entries of other chains that an entry names: its parents, and its previous one where its author forked there.</summary>
    public void GetCauses(EntryPosition position, List<EntryPosition> target)
    {
        lock (gate)
        {
            if (_isClosed || EntryReader.TryRead(store.Read(chains[position].Place), out EntryReader entry) != EntryStatus.Valid)
                return;
            for (int i = 0; i < entry.ParentCount; i++)
            {
                if (positions.TryGetValue(entry.ParentAt(i), out EntryPosition parent))
                    target.Add(parent);
            }

            if (position.Index == 0 && positions.TryGetValue(entry.Previous, out EntryPosition previous))
                target.Add(previous);
        }
    }

    /// <summary>True where no held entry builds on this one.</summary>
    public bool IsHead(in EntryId id)
    {
        lock (gate)
            return heads.Contains(id);
    }

    /// <summary>Adds all parts of the transaction that an entry is a part of, in order; false where its last part is not held.</summary>
    public bool TryGetParts(EntryPosition part, List<HeldEntry> target)
    {
        lock (gate)
        {
            if (_isClosed)
                return false;
            Chain chain = chains[part.Chain];
            int last = part.Index;
            while (last < chain.Count && (chain[last].Flags & (EntryFlags.Part | EntryFlags.LastPart)) == EntryFlags.Part)
                last++;
            if (last == chain.Count || (chain[last].Flags & EntryFlags.LastPart) == 0)
                return false;
            List<EntryPosition> parts = [];
            chains.GetCompleted(part with { Index = last }, parts);
            foreach (EntryPosition position in parts)
                target.Add(At(position));
            return true;
        }
    }

    /// <summary>Copies the bytes of an entry; false once the database is dropped.</summary>
    public bool TryRead(EntryPosition position, ByteWriter target)
    {
        lock (gate)
        {
            if (_isClosed)
                return false;
            target.Write(store.Read(chains[position].Place));
            return true;
        }
    }

    /// <summary>How many parents an entry names and how many operations it has; false once the database is dropped.</summary>
    public bool TryCount(EntryPosition position, out int parentCount, out uint opCount)
    {
        lock (gate)
        {
            (parentCount, opCount) = (0, 0);
            if (_isClosed || EntryReader.TryRead(store.Read(chains[position].Place), out EntryReader entry) != EntryStatus.Valid)
                return false;
            (parentCount, opCount) = (entry.ParentCount, entry.OpCount);
            return true;
        }
    }

    /// <summary>Under the log's gate: the files are about to be closed.</summary>
    public void Close() => _isClosed = true;

    private HeldEntry At(EntryPosition position)
    {
        Chain chain = chains[position.Chain];
        ChainEntry entry = chain[position.Index];
        EntryStanding standing = voidBySchema.Contains(position) ? EntryStanding.Void : entry.Standing;
        return new HeldEntry(
            position, chain.Author, chain.FirstSeq + (ulong)position.Index, entry.Id, entry.Hlc, entry.Flags, standing, entry.Place.Length);
    }
}
