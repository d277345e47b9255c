using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// Sessions for whoever is in FASTER just now: opened when needed up to a bound, then kept. A thread has its session alone.
/// </summary>
internal sealed class SessionPool(FasterKV<long, SpanByte> pages, int countMax)
{
    private readonly object _gate = new();
    private readonly Stack<PageSession> _idle = new(countMax);
    private int _count;
    private bool _isClosed;

    /// <summary>Takes a session for a scope; waits while all are in use.</summary>
    public SessionLease Rent() => new(this, Take());

    /// <summary>Gives a session back.</summary>
    public void Return(PageSession session)
    {
        lock (_gate)
        {
            _idle.Push(session);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Gives up a session whose last operation did not end as it should: nobody knows what state it is in.</summary>
    public void Discard()
    {
        lock (_gate)
        {
            _count--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets nobody in any more, waits for those that are in, and ends all sessions.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
            while (_idle.Count < _count)
                Monitor.Wait(_gate);
            foreach (PageSession session in _idle)
                session.Dispose();
            _idle.Clear();
            _count = 0;
        }
    }

    private PageSession Take()
    {
        lock (_gate)
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(_isClosed, typeof(FasterPageFile));
                if (_idle.TryPop(out PageSession? idle))
                    return idle;
                if (_count < countMax)
                    break;
                Monitor.Wait(_gate);
            }

            _count++;
        }

        try
        {
            return new PageSession(pages);
        }
        catch
        {
            Discard();
            throw;
        }
    }
}
