using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Sync;

/// <summary>
/// Entries of several chains as one stream in causal order: an entry's time is later than that of all it builds on, so the
/// chains are merged by time. Reads as it goes; holds one piece.
/// </summary>
internal sealed class RangeStream : IDisposable
{
    private readonly DatabaseLog _log;
    private readonly PriorityQueue<EntryRange, HlcTimestamp> _chains = new();
    private readonly ByteWriter _piece = new();

    /// <param name="log">Where the entries are.</param>
    /// <param name="ranges">What is streamed; ranges whose head is not held and durable are left out.</param>
    public RangeStream(DatabaseLog log, ReadOnlySpan<EntryRange> ranges)
    {
        _log = log;
        foreach (EntryRange range in ranges)
            Enqueue(range);
    }

    /// <summary>True when everything was taken.</summary>
    public bool IsAtEnd => _chains.Count == 0;

    /// <summary>
    /// Takes the next entries, back to back: as many as fit into <paramref name="length"/>, but at least one. False at the end.
    /// The span is valid until the next call.
    /// </summary>
    public bool TryTake(int length, out ReadOnlySpan<byte> entries)
    {
        _piece.Clear();
        while (_piece.Length < length && _chains.TryDequeue(out EntryRange range, out _))
        {
            // This chain's turn lasts until another one has an earlier entry.
            HlcTimestamp turnEnd = _chains.TryPeek(out _, out HlcTimestamp other) ? other : new HlcTimestamp(ulong.MaxValue);
            int count = _log.Published.ReadRange(range.Head, range.From, turnEnd, length - _piece.Length, _piece);
            if (count == 0)
                continue; // No longer there: the database was dropped.
            Enqueue(range with { From = range.From + (ulong)count });
        }

        entries = _piece.Written;
        return _piece.Length > 0;
    }

    /// <summary>How far each of the ranges that the stream began with was taken; those of which nothing was are left out.</summary>
    public List<ChainHead> EndsOf(List<EntryRange> ranges)
    {
        Dictionary<EntryId, ulong> left = [];
        foreach ((EntryRange range, _) in _chains.UnorderedItems)
            left[range.Head] = range.From;
        List<ChainHead> ends = [];
        foreach (EntryRange range in ranges)
        {
            ulong end = left.GetValueOrDefault(range.Head, range.To + 1);
            if (end > range.From && _log.Published.TryGet(range.Head, end - 1, out ChainEntry last))
                ends.Add(new ChainHead(range.Author, end - 1, last.Id));
        }

        return ends;
    }

    public void Dispose() => _piece.Dispose();

    private void Enqueue(EntryRange range)
    {
        if (range.From <= range.To && _log.Published.TryGet(range.Head, range.From, out ChainEntry first))
            _chains.Enqueue(range, first.Hlc);
    }
}
