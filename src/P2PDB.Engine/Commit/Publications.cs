using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>Entries that are applied and wait for their sync: then peers may see them and listeners hear of them.</summary>
internal sealed class Publications(IPublishedListener? listener)
{
    private readonly List<Range> _pending = [];

    /// <summary>True when something waits for a sync.</summary>
    public bool ArePending => _pending.Count > 0;

    /// <summary>Notes an entry.</summary>
    public void Add(DatabaseLog log, EntryPosition position)
    {
        Chain chain = log.ChainAt(position.Chain);
        ulong seq = chain.FirstSeq + (ulong)position.Index;
        if (_pending.Count > 0)
        {
            Range last = _pending[^1];
            if (ReferenceEquals(last.Log, log) && last.Author == chain.Author && last.ToSeq + 1 == seq)
            {
                _pending[^1] = last with { ToSeq = seq };
                return;
            }
        }

        _pending.Add(new Range(log, chain.Author, seq, seq));
    }

    /// <summary>Everything noted is durable: shows it to peers and tells the listener.</summary>
    public void Publish()
    {
        foreach (Range range in _pending)
            range.Log.Published.Publish();
        if (listener is not null)
        {
            foreach (Range range in _pending)
                listener.Published(range.Log.Id, range.Author, range.FromSeq, range.ToSeq);
        }

        _pending.Clear();
    }

    /// <summary>Forgets a database that is dropped.</summary>
    public void Forget(DatabaseLog log) => _pending.RemoveAll(range => ReferenceEquals(range.Log, log));

    private readonly record struct Range(DatabaseLog Log, AuthorKey Author, ulong FromSeq, ulong ToSeq);
}
