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

    /// <summary>
    /// Writes the entries that history does not hold to a new history file, and lets the tail go. Returns false when there was
    /// nothing to write. May run on another thread than the commit thread; one call at a time.
    /// </summary>
    public bool WriteHistory(ChainSet chains, Lock gate)
    {
        if (history is null)
            return false;
        List<EntryPosition> positions = [];
        int lastChunk;
        long length = 0;
        lock (gate)
        {
            lastChunk = _tail.Seal();
            for (int number = 0; number < chains.Count; number++)
            {
                Chain chain = chains[number];
                for (int i = chain.Count - 1; i >= 0 && chain[i].Place.IsInTail; i--)
                {
                    positions.Add(new EntryPosition(chain.Number, i));
                    length += chain[i].Place.Length;
                }
            }

            positions.Sort(chains.CompareByAuthor);
        }

        if (positions.Count == 0)
            return false;
        EntryPlace[] places = history.Add(positions, CopyEntry);
        lock (gate)
        {
            for (int i = 0; i < places.Length; i++)
                chains[positions[i]].Place = places[i];
            _tail.Release(lastChunk, length);
        }

        return true;

        void CopyEntry(EntryPosition position, ByteWriter target)
        {
            lock (gate)
                target.Write(Read(chains[position].Place));
        }
    }

    /// <summary>Closes the history files.</summary>
    public void Dispose() => history?.Dispose();
}
