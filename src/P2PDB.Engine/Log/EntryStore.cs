using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// The bytes of one database's entries: the tail in memory, what came before it in history files. All calls are made under the
/// log's gate, but for <see cref="WriteHistory"/>, which takes it for the moments when it needs it.
/// </summary>
internal sealed class EntryStore(HistoryFiles? history) : IDisposable
{
    private readonly EntryTail _tail = new();

    /// <summary>Bytes of entries that history does not hold yet.</summary>
    public long TailLength => _tail.Length;

    /// <summary>Keeps a copy of one entry in the tail.</summary>
    public EntryPlace Append(ReadOnlySpan<byte> entry) => _tail.Append(entry);

    /// <summary>The bytes of an entry; valid until the next read or <see cref="WriteHistory"/>.</summary>
    public ReadOnlySpan<byte> Read(in EntryPlace place) => place.IsInTail ? _tail.Read(place) : history!.Read(place);

    /// <summary>Puts the signature into an entry of the tail that came without one.</summary>
    public void Sign(in EntryPlace place, ReadOnlySpan<byte> signature)
    {
        Span<byte> bytes = _tail.Read(place);
        EntryReader.TryRead(bytes, out EntryReader entry);
        signature.CopyTo(bytes[entry.SignatureOffset..]);
    }

    /// <summary>
    /// Writes the entries that history does not hold to a new history file, with its index, and lets the tail go. Returns false when there
    /// was nothing to write. May run on another thread than the commit thread; one call at a time.
    /// </summary>
    public bool WriteHistory(ChainSet chains, HistoryIndexing? indexing, Lock gate)
    {
        if (history is null)
            return false;
        int file = history.FileCount;
        HistoryIndexDraft? index;
        int lastChunk;
        long length = 0;
        NativeArray<EntryPosition> positions;
        lock (gate)
        {
            lastChunk = _tail.Seal();
            positions = EntriesInTail(chains);
            index = indexing?.Draft(file);
            foreach (EntryPosition position in positions.Span)
                length += chains[position].Place.Length;
        }

        using (positions)
        {
            if (positions.Count == 0)
                return false;
            using var places = new NativeArray<EntryPlace>(positions.Count);
            history.Add(positions.Span, places.Span, CopyEntry);
            lock (gate)
            {
                for (int i = 0; i < places.Count; i++)
                    chains[positions[i].Chain].SetPlace(positions[i].Index, places[i]);
                _tail.Release(lastChunk, length);
            }
        }

        if (index is not null)
            indexing!.Write(index, file);
        return true;

        void CopyEntry(EntryPosition position, ByteWriter target)
        {
            lock (gate)
                target.Write(Read(chains[position].Place));
        }
    }

    /// <summary>
    /// Begins a history file of entries that were never in the tail, which is empty now; see <see cref="HistoryFiles.BeginAddition"/>.
    /// </summary>
    public HistoryAddition BeginAddition() =>
        history?.BeginAddition() ?? throw new InvalidOperationException("The log has no history.");

    /// <summary>Closes the history files.</summary>
    public void Dispose() => history?.Dispose();

    /// <summary>The entries of the tail, in the order of history files.</summary>
    private static NativeArray<EntryPosition> EntriesInTail(ChainSet chains)
    {
        int count = 0;
        for (int number = 0; number < chains.Count; number++)
            count += chains[number].Count - FirstInTail(chains[number]);
        var positions = new NativeArray<EntryPosition>(count);
        int filled = 0;
        for (int number = 0; number < chains.Count; number++)
        {
            for (int i = FirstInTail(chains[number]); i < chains[number].Count; i++)
                positions[filled++] = new EntryPosition(number, i);
        }

        positions.Span.Sort(chains.CompareByAuthor);
        return positions;
    }

    private static int FirstInTail(Chain chain)
    {
        int first = chain.Count;
        while (first > 0 && chain[first - 1].Place.IsInTail)
            first--;
        return first;
    }
}
