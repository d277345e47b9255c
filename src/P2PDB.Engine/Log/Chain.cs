using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// The entries of one author, or one branch of them: an author who wrote two entries of one seq has a branch for each, and both
/// count. A branch holds the entries from where it left its base.
/// </summary>
internal sealed class Chain(int number, AuthorKey author, Chain? origin, ulong firstSeq, EntryId first, AccessSet access)
{
    private readonly ChainEntries _entries = new();
    private readonly List<(int Start, AccessSet Set)> _access = [(0, access)];

    /// <summary>This node's number of the chain.</summary>
    public int Number { get; } = number;

    /// <summary>Who writes it.</summary>
    public AuthorKey Author { get; } = author;

    /// <summary>The branch this one left, or null.</summary>
    public Chain? Origin { get; } = origin;

    /// <summary>Seq of the first entry held here.</summary>
    public ulong FirstSeq { get; } = firstSeq;

    /// <summary>The first entry held here: which chain it is.</summary>
    public EntryId First { get; } = first;

    /// <summary>Entries held here.</summary>
    public int Count => _entries.Count;

    /// <summary>Entries that are durable, so that peers may see them.</summary>
    public int PublishedCount { get; set; }

    /// <summary>The end, which the next entry continues.</summary>
    public ChainTip Tip { get; } = new();

    /// <summary>Seq of the first part of a transaction that waits for its last part; negative when none does.</summary>
    public long OpenPartSeq { get; set; } = -1;

    /// <summary>The access operations in the causal past of the last entry.</summary>
    public AccessSet Access => _access[^1].Set;

    /// <summary>The entry at an index of this branch.</summary>
    public ChainEntry this[int index] => _entries[index];

    /// <summary>Takes the next entry.</summary>
    public void Add(in ChainEntry entry, AccessSet access)
    {
        if (!ReferenceEquals(access, Access))
            _access.Add((_entries.Count, access));
        _entries.Add(entry);
        Tip.Advance(entry.Id, entry.Hlc);
    }

    /// <summary>
    /// Takes the next entry from an index; <see cref="ChainTip.Restore"/> of the tip and <see cref="SetAccess"/> of what changes come when
    /// all of the index are taken.
    /// </summary>
    public void AddIndexed(in ChainEntry entry) => _entries.Add(entry);

    /// <inheritdoc cref="ChainEntries.MoveToIndex"/>
    public int MoveToIndex(in IndexedRun run) => _entries.MoveToIndex(run);

    /// <inheritdoc cref="ChainEntries.SetPlace"/>
    public void SetPlace(int index, in EntryPlace place) => _entries.SetPlace(index, place);

    /// <inheritdoc cref="ChainEntries.SetSignatureVerified"/>
    public void SetSignatureVerified(int index) => _entries.SetSignatureVerified(index);

    /// <summary>From an entry on, this is the access; entries of which it is said come in ascending order.</summary>
    public void SetAccess(int index, AccessSet access)
    {
        if (_access[^1].Start == index)
            _access[^1] = (index, access);
        else if (!ReferenceEquals(access, Access))
            _access.Add((index, access));
    }

    /// <summary>Indexes from <paramref name="from"/> on of the entries with which access changes, the chain's first among them; ascending.</summary>
    public List<int> GetAccessChanges(int from)
    {
        List<int> changes = [];
        foreach ((int start, _) in _access)
        {
            if (start >= from)
                changes.Add(start);
        }

        return changes;
    }

    /// <summary>The access operations in the causal past of an entry, its own included.</summary>
    public AccessSet AccessAt(int index)
    {
        int low = 0;
        int high = _access.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_access[middle].Start <= index)
                low = middle;
            else
                high = middle - 1;
        }

        return _access[low].Set;
    }

    /// <summary>The branch, this or one it left, that holds the entry of this history at <paramref name="seq"/>.</summary>
    public Chain HolderOf(ulong seq)
    {
        Chain chain = this;
        while (seq < chain.FirstSeq)
            chain = chain.Origin!;
        return chain;
    }

    /// <summary>The index of an entry of exactly this time, or a negative number.</summary>
    public int IndexOf(HlcTimestamp hlc)
    {
        int low = 0;
        int high = _entries.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _entries[middle].Hlc.CompareTo(hlc);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }
}
