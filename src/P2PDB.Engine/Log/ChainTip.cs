using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>The end of one chain: what the chain's next entry must continue. Mutable; the builder advances its own copy.</summary>
internal sealed class ChainTip
{
    private readonly MerkleMountainRange _history = new();

    /// <summary>The seq of the next entry: how many the chain has.</summary>
    public ulong NextSeq { get; private set; }

    /// <summary>The last entry's id, zero before the first.</summary>
    public EntryId Last { get; private set; }

    /// <summary>The last entry's time, zero before the first.</summary>
    public HlcTimestamp LastHlc { get; private set; }

    /// <summary>The root over the ids of all entries: the next entry's history root.</summary>
    public Hash256 HistoryRoot => _history.Root();

    /// <summary>Becomes a copy of <paramref name="source"/> and keeps its memory.</summary>
    public void CopyFrom(ChainTip source)
    {
        _history.CopyFrom(source._history);
        NextSeq = source.NextSeq;
        Last = source.Last;
        LastHlc = source.LastHlc;
    }

    /// <summary>Becomes the end of a chain whose last entry and peaks are known.</summary>
    public void Restore(ulong nextSeq, in EntryId last, HlcTimestamp lastHlc, IEnumerable<Hash256> peaks)
    {
        _history.Restore(nextSeq, peaks);
        NextSeq = nextSeq;
        Last = last;
        LastHlc = lastHlc;
    }

    /// <inheritdoc cref="MerkleMountainRange.WritePeaks"/>
    public void WritePeaks(Span<byte> target) => _history.WritePeaks(target);

    /// <summary>Takes the next entry of the chain.</summary>
    public void Advance(in EntryId id, HlcTimestamp hlc)
    {
        _history.Append(id);
        NextSeq++;
        Last = id;
        LastHlc = hlc;
    }
}
