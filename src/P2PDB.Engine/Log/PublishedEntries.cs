using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// What of a log is durable, so that peers may see it: the ends of its chains, its heads, and ranges of entries. Any thread may
/// ask; <see cref="Publish"/> moves the end forward.
/// </summary>
internal sealed class PublishedEntries(
    ChainSet chains, EntryPositions positions, IReadOnlySet<EntryId> heads, EntryStore store, Lock gate)
{
    private readonly List<Chain> _unpublished = [];
    private EntryId[] _publishedHeads = [];
    private Hash256 _publishedHeadsHash;
    private bool _headsArePublished = true;
    private bool _publishedHeadsAreStale = true;

    /// <summary>Makes everything held visible to peers: it is durable.</summary>
    public void Publish()
    {
        lock (gate)
        {
            foreach (Chain chain in _unpublished)
                chain.PublishedCount = chain.Count;
            _unpublished.Clear();
            _headsArePublished = true;
            _publishedHeadsAreStale = true;
        }
    }

    /// <summary>The durable end of every chain and branch, by author and id.</summary>
    public List<ChainHead> GetVector()
    {
        lock (gate)
        {
            List<ChainHead> vector = new(chains.Count);
            for (int number = 0; number < chains.Count; number++)
            {
                Chain chain = chains[number];
                if (chain.PublishedCount > 0)
                {
                    int last = chain.PublishedCount - 1;
                    vector.Add(new ChainHead(chain.Author, chain.FirstSeq + (ulong)last, chain[last].Id));
                }
            }

            vector.Sort(static (left, right) =>
                left.Author != right.Author ? left.Author.CompareTo(right.Author) : left.Head.CompareTo(right.Head));
            return vector;
        }
    }

    /// <summary>The durable heads, ascending, and the hash over them: equal hashes mean equal logs.</summary>
    public Hash256 GetHeads(List<EntryId> target)
    {
        lock (gate)
        {
            RefreshPublishedHeads();
            target.Clear();
            target.AddRange(_publishedHeads);
            return _publishedHeadsHash;
        }
    }

    /// <summary>
    /// Copies the durable entries of the history that ends in <paramref name="head"/>, from <paramref name="fromSeq"/> on, until
    /// <paramref name="lengthMax"/> bytes are full (but at least one). The last one's own signature is verified. Returns how many.
    /// </summary>
    public int ReadRange(in EntryId head, ulong fromSeq, int lengthMax, ByteWriter target) =>
        ReadRange(head, fromSeq, new HlcTimestamp(ulong.MaxValue), lengthMax, target);

    /// <summary>As the other, and no further than the last entry that is not later than <paramref name="until"/>.</summary>
    public int ReadRange(in EntryId head, ulong fromSeq, HlcTimestamp until, int lengthMax, ByteWriter target)
    {
        lock (gate)
        {
            if (!positions.TryGetValue(head, out EntryPosition position))
                return 0;
            Chain last = chains[position.Chain];
            ulong toSeq = last.FirstSeq + (ulong)position.Index;
            int start = target.Length;
            ulong end = fromSeq;
            while (end <= toSeq && IsPublished(last, end) && (end == fromSeq || EntryAt(last, end).Hlc <= until)
                && (end == fromSeq || target.Length - start + EntryAt(last, end).Place.Length <= lengthMax))
            {
                target.Write(store.Read(EntryAt(last, end++).Place));
            }

            // Back to an entry whose own signature is valid; forward to one where none so far is.
            while (end > fromSeq && !IsSigned(last, end - 1))
                target.Truncate(target.Length - EntryAt(last, --end).Place.Length);
            bool isSigned = end > fromSeq;
            while (!isSigned && end <= toSeq && IsPublished(last, end))
            {
                target.Write(store.Read(EntryAt(last, end).Place));
                isSigned = IsSigned(last, end++);
            }

            if (!isSigned)
                target.Truncate(start);
            return isSigned ? (int)(end - fromSeq) : 0;
        }
    }

    /// <summary>The durable entry at <paramref name="seq"/> of the history that ends in <paramref name="head"/>.</summary>
    public bool TryGet(in EntryId head, ulong seq, out ChainEntry entry)
    {
        lock (gate)
        {
            entry = default;
            if (!positions.TryGetValue(head, out EntryPosition position))
                return false;
            Chain holder = chains[position.Chain].HolderOf(seq);
            ulong index = seq - holder.FirstSeq;
            if (index >= (ulong)holder.PublishedCount)
                return false;
            entry = holder[(int)index];
            return true;
        }
    }

    /// <summary>
    /// The durable ends of the chains that go on beyond <paramref name="known"/>, which has a chain's number and the first seq
    /// that is not known; each with that seq.
    /// </summary>
    public List<(ChainHead Head, ulong From)> GetBeyond(IReadOnlyDictionary<int, ulong> known)
    {
        lock (gate)
        {
            List<(ChainHead Head, ulong From)> beyond = [];
            for (int number = 0; number < chains.Count; number++)
            {
                Chain chain = chains[number];
                ulong end = chain.FirstSeq + (ulong)chain.PublishedCount;
                ulong from = Math.Max(known.GetValueOrDefault(chain.Number), chain.FirstSeq);
                if (from < end)
                    beyond.Add((new ChainHead(chain.Author, end - 1, chain[chain.PublishedCount - 1].Id), from));
            }

            return beyond;
        }
    }

    /// <summary>Notes, under the log's gate and before the entry is in its chain, that the chain takes another one.</summary>
    public void NoteHeld(Chain chain)
    {
        if (chain.PublishedCount == chain.Count)
            _unpublished.Add(chain);
        _headsArePublished = false;
    }

    private void RefreshPublishedHeads()
    {
        if (!_headsArePublished || !_publishedHeadsAreStale)
            return;
        _publishedHeads = [.. heads];
        Array.Sort(_publishedHeads);
        using var bytes = new ByteWriter(_publishedHeads.Length * EntryFormat.HashLength);
        foreach (EntryId head in _publishedHeads)
        {
            head.CopyTo(bytes.GetSpan(EntryFormat.HashLength));
            bytes.Advance(EntryFormat.HashLength);
        }

        _publishedHeadsHash = Blake3.Hash(bytes.Written);
        _publishedHeadsAreStale = false;
    }

    private static bool IsPublished(Chain chain, ulong seq)
    {
        Chain holder = chain.HolderOf(seq);
        return seq - holder.FirstSeq < (ulong)holder.PublishedCount;
    }

    private ChainEntry EntryAt(Chain chain, ulong seq) => chains[ChainSet.PositionOf(chain, seq)];

    private bool IsSigned(Chain chain, ulong seq)
    {
        EntryPosition position = ChainSet.PositionOf(chain, seq);
        ChainEntry held = chains[position];
        if (held.IsSignatureVerified)
            return true;
        EntryReader.TryRead(store.Read(held.Place), out EntryReader entry);
        bool isSigned = EntryVerifier.VerifySignature(entry, held.Id) == EntryStatus.Valid;
        if (isSigned)
            chains[position.Chain].SetSignatureVerified(position.Index);
        return isSigned;
    }
}
