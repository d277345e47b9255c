using P2PDB.Engine.Log;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>One database as sync sees it: what is durable of it, who may have it, and the door for what peers send.</summary>
internal sealed class SharedDatabase(DatabaseLog log)
{
    private SyncVector _vector = SyncVector.Empty;

    public DatabaseId Id => log.Id;

    public DatabaseLog Log => log;

    /// <summary>The join that this node tries with an invitation; null once it is a member.</summary>
    public JoinAttempt? Joining { get; set; }

    /// <summary>What is held and durable now.</summary>
    public SyncVector Vector()
    {
        List<EntryId> heads = [];
        Hash256 hash = log.Published.GetHeads(heads);
        if (heads.Count == 0)
            return SyncVector.Empty;

        SyncVector last = Volatile.Read(ref _vector);
        if (last.Hash == hash)
            return last;

        // The log may grow between the two questions. An older hash over newer items only makes a peer ask once more.
        var vector = new SyncVector(hash, [.. log.Published.GetVector()]);
        Volatile.Write(ref _vector, vector);
        return vector;
    }

    /// <summary>True when the node may read: an author of it was let in.</summary>
    public bool IsMember(in PublicKey nodeKey) => log.Access.FindNode(nodeKey) is not null;

    /// <summary>The ranges of <paramref name="heads"/> that are not held, from just after what is held of the same author.</summary>
    /// <param name="heads">What a peer says it holds.</param>
    /// <param name="asked">Those of them that were asked for already.</param>
    /// <param name="fromTheStart">Asks for whole chains: what is held of the author turned out to be another branch.</param>
    /// <param name="countMax">Most ranges.</param>
    public List<EntryRange> Missing(IEnumerable<ChainHead> heads, HashSet<ChainHead> asked, bool fromTheStart, int countMax)
    {
        List<EntryRange> missing = [];
        Dictionary<AuthorKey, ulong>? next = null;
        foreach (ChainHead head in heads)
        {
            if (missing.Count == countMax)
                break;
            if (asked.Contains(head) || log.Contains(head.Head))
                continue;

            next ??= NextOfAuthors();
            ulong from = fromTheStart ? 0 : Math.Min(next.GetValueOrDefault(head.Author), head.Seq);
            missing.Add(new EntryRange(head.Author, from, head.Seq, head.Head));
        }

        return missing;
    }

    /// <summary>What is durable here and lies beyond what a peer knows: a range for each chain that goes on.</summary>
    public List<EntryRange> Beyond(IReadOnlyDictionary<int, ulong> known) =>
        log.Published.GetBeyond(known).ConvertAll(static news => new EntryRange(news.Head.Author, news.From, news.Head.Seq, news.Head.Head));

    private Dictionary<AuthorKey, ulong> NextOfAuthors()
    {
        Dictionary<AuthorKey, ulong> next = [];
        foreach (ChainHead head in log.Published.GetVector())
            next[head.Author] = Math.Max(next.GetValueOrDefault(head.Author), head.Seq + 1);
        return next;
    }
}
