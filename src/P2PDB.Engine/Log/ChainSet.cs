using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>The chains and branches of one database, by this node's numbers and by author.</summary>
internal sealed class ChainSet
{
    // A reserved number has no chain until its first entry is read.
    private readonly List<Chain?> _chains = [];
    private readonly Dictionary<AuthorKey, List<Chain>> _authors = [];
    private readonly Dictionary<EntryId, int> _reserved = [];
    private readonly List<Chain> _early = [];

    /// <summary>Chains and branches.</summary>
    public int Count => _chains.Count;

    /// <summary>Time of the latest entry held.</summary>
    public HlcTimestamp LatestHlc
    {
        get
        {
            HlcTimestamp latest = default;
            foreach (Chain? chain in _chains)
                latest = chain?.Tip.LastHlc > latest ? chain.Tip.LastHlc : latest;
            return latest;
        }
    }

    /// <summary>Two entries of one author and seq, as they were found.</summary>
    public List<Fork> Forks { get; } = [];

    /// <summary>The chain of a number.</summary>
    public Chain this[int number] => _chains[number]!;

    /// <summary>The entry at a position.</summary>
    public ChainEntry this[EntryPosition position] => _chains[position.Chain]![position.Index];

    /// <summary>Gives the numbers from 0 on to the chains that begin with these entries, before any is held; see <see cref="LogMark"/>.</summary>
    public void Reserve(IReadOnlyList<ChainMark> chains)
    {
        foreach (ChainMark chain in chains)
        {
            _reserved.Add(chain.First, _chains.Count);
            _chains.Add(null);
        }
    }

    /// <summary>How far each chain goes now, by number.</summary>
    public ChainMark[] GetMarks()
    {
        var marks = new ChainMark[Count];
        for (int number = 0; number < marks.Length; number++)
            marks[number] = new ChainMark(this[number].First, this[number][this[number].Count - 1].Id, this[number].Count);
        return marks;
    }

    /// <summary>False for a number that is reserved and whose chain is not held.</summary>
    public bool IsHeld(int number) => _chains[number] is not null;

    /// <summary>The first branch of an author, or null.</summary>
    public Chain? Find(in AuthorKey author) =>
        _authors.TryGetValue(author, out List<Chain>? branches) ? branches[0] : null;

    /// <summary>Branches of an author.</summary>
    public int BranchCountOf(in AuthorKey author) =>
        _authors.TryGetValue(author, out List<Chain>? branches) ? branches.Count : 0;

    /// <summary>The position of the entry at <paramref name="seq"/> of a chain's history, which may lie in a branch it left.</summary>
    public static EntryPosition PositionOf(Chain chain, ulong seq)
    {
        Chain holder = chain.HolderOf(seq);
        return new EntryPosition(holder.Number, (int)(seq - holder.FirstSeq));
    }

    /// <summary>The chain that takes an entry after its previous one: that one's, or a new branch where the author forked.</summary>
    public Chain ChainFor(in EntryReader entry, in EntryId id, Chain? previous, int previousIndex, AccessSet access)
    {
        bool continues = previous is not null && previousIndex == previous.Count - 1;
        if (!continues || _reserved.ContainsKey(id))
            return Begin(entry.Author, entry.Seq, id, previous, previousIndex, access);
        NoteEarlyBranches(previous!, entry.Seq, id);
        return previous!;
    }

    /// <summary>A new chain: an author's, or a branch after one of its entries.</summary>
    public Chain Begin(in AuthorKey author, ulong seq, in EntryId id, Chain? previous, int previousIndex, AccessSet access)
    {
        bool isReserved = _reserved.Remove(id, out int number);
        if (!_authors.TryGetValue(author, out List<Chain>? branches))
            _authors[author] = branches = [];
        var chain = new Chain(isReserved ? number : _chains.Count, author, previous, seq, id, access);
        if (previous is not null)
            chain.Tip.CopyFrom(RebuildTip(previous, previousIndex));
        if (previous is not null && previousIndex == previous.Count - 1)
        {
            // What it forks from comes later this time.
            _early.Add(chain);
        }
        else if (branches.Count > 0)
        {
            Chain sibling = (previous ?? branches[0]).HolderOf(seq);
            Forks.Add(new Fork(author, seq, sibling[(int)(seq - sibling.FirstSeq)].Id, id));
        }

        branches.Add(chain);
        if (isReserved)
            _chains[number] = chain;
        else
            _chains.Add(chain);
        return chain;
    }

    /// <summary>Notes that a chain goes on: branches that began early fork from this entry.</summary>
    public void NoteEarlyBranches(Chain origin, ulong seq, in EntryId id)
    {
        for (int i = _early.Count - 1; i >= 0; i--)
        {
            Chain branch = _early[i];
            if (branch.Origin != origin || branch.FirstSeq != seq)
                continue;
            Forks.Add(new Fork(branch.Author, seq, id, branch[0].Id));
            _early.RemoveAt(i);
        }
    }

    /// <summary>The tip as it was after an entry in the middle of a chain: a fork starts there. Rare, so it is not kept.</summary>
    public static ChainTip RebuildTip(Chain chain, int index)
    {
        var tip = new ChainTip();
        ulong last = chain.FirstSeq + (ulong)index;
        for (ulong seq = 0; seq <= last; seq++)
        {
            Chain holder = chain.HolderOf(seq);
            ChainEntry entry = holder[(int)(seq - holder.FirstSeq)];
            tip.Advance(entry.Id, entry.Hlc);
        }

        return tip;
    }

    /// <summary>The entries in the one total order; with a mark, those that it does not cover.</summary>
    public IEnumerable<EntryPosition> InTotalOrder(LogMark? after)
    {
        var queue = new PriorityQueue<EntryPosition, (HlcTimestamp Hlc, AuthorKey Author, EntryId Id)>();
        for (int i = 0; i < _chains.Count; i++)
            Enqueue(new EntryPosition(i, i < after?.Chains.Count ? after.Chains[i].Count : 0));
        while (queue.TryDequeue(out EntryPosition position, out _))
        {
            Enqueue(position with { Index = position.Index + 1 });
            yield return position;
        }

        void Enqueue(EntryPosition next)
        {
            Chain chain = _chains[next.Chain]!;
            if (next.Index >= chain.Count)
                return;
            ChainEntry entry = chain[next.Index];
            queue.Enqueue(next, (entry.Hlc, chain.Author, entry.Id));
        }
    }

    /// <summary>
    /// The entries of the transaction that this entry completes: itself, or its parts in order; none when parts are to come or
    /// the entry has no operations.
    /// </summary>
    public void GetCompleted(EntryPosition position, List<EntryPosition> target)
    {
        target.Clear();
        Chain chain = this[position.Chain];
        EntryFlags flags = chain[position.Index].Flags;
        if ((flags & EntryFlags.Merge) != 0 || (flags & (EntryFlags.Part | EntryFlags.LastPart)) == EntryFlags.Part)
            return;

        ulong seq = chain.FirstSeq + (ulong)position.Index;
        ulong first = seq;
        if ((flags & EntryFlags.LastPart) != 0)
        {
            while (first > 0 && (FlagsAt(chain, first - 1) & (EntryFlags.Part | EntryFlags.LastPart)) == EntryFlags.Part)
                first--;
        }

        for (; first <= seq; first++)
            target.Add(PositionOf(chain, first));
    }

    /// <summary>True when the author's chain ends in parts whose last part is not there.</summary>
    public bool HasOpenParts(in AuthorKey author) =>
        Find(author) is { Count: > 0 } chain
        && (chain[chain.Count - 1].Flags & (EntryFlags.Part | EntryFlags.LastPart)) == EntryFlags.Part;

    /// <summary>The one total order.</summary>
    public int CompareInTotalOrder(EntryPosition left, EntryPosition right)
    {
        ChainEntry leftEntry = this[left];
        ChainEntry rightEntry = this[right];
        int order = leftEntry.Hlc.CompareTo(rightEntry.Hlc);
        if (order == 0)
            order = this[left.Chain].Author.CompareTo(this[right.Chain].Author);
        return order != 0 ? order : leftEntry.Id.CompareTo(rightEntry.Id);
    }

    /// <summary>The order of history files: by author, seq and id.</summary>
    public int CompareByAuthor(EntryPosition left, EntryPosition right)
    {
        Chain leftChain = this[left.Chain];
        Chain rightChain = this[right.Chain];
        int order = leftChain.Author.CompareTo(rightChain.Author);
        if (order == 0)
            order = (leftChain.FirstSeq + (ulong)left.Index).CompareTo(rightChain.FirstSeq + (ulong)right.Index);
        return order != 0 ? order : leftChain[left.Index].Id.CompareTo(rightChain[right.Index].Id);
    }

    private static EntryFlags FlagsAt(Chain chain, ulong seq)
    {
        Chain holder = chain.HolderOf(seq);
        return holder[(int)(seq - holder.FirstSeq)].Flags;
    }
}
