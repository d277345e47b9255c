using P2PDB.Engine.Sync;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>Two sessions whose links the test drives; a fault is asked about each frame on its way.</summary>
internal sealed class QueueConnection : IDisposable
{
    private readonly (SyncNode Node, QueueLink Link, PeerSession Session)[] _ends;

    public QueueConnection(SyncedNode one, SyncedNode other)
        : this(one.Sync, one.Log.Identity.NodeKey.PublicKey, other.Sync, other.Log.Identity.NodeKey.PublicKey)
    {
    }

    public QueueConnection(SyncNode one, PublicKey oneKey, SyncNode other, PublicKey otherKey)
    {
        var linkOfOne = new QueueLink(otherKey);
        var linkOfOther = new QueueLink(oneKey);
        _ends = [(one, linkOfOne, one.Attach(linkOfOne)), (other, linkOfOther, other.Attach(linkOfOther))];
        foreach ((_, _, PeerSession session) in _ends)
            session.Start();
    }

    /// <summary>How often a frame is delivered: 1 always, 0 lost, 2 twice.</summary>
    public Func<int> Deliveries { get; set; } = static () => 1;

    /// <summary>The end whose frames wait, 0 or 1; -1 for none.</summary>
    public int Waiting { get; set; } = -1;

    public long SentLength => _ends[0].Link.SentLength + _ends[1].Link.SentLength;

    /// <summary>Delivers until nothing is on its way.</summary>
    public void Settle() => SettleUntil(static () => false);

    /// <summary>Delivers until nothing is on its way or, asked after each frame, it is enough.</summary>
    public void SettleUntil(Func<bool> isEnough)
    {
        bool moved = true;
        while (moved)
        {
            moved = false;
            for (int i = 0; i < 2; i++)
            {
                (_, QueueLink link, PeerSession session) = _ends[i];
                if (link.IsAwake)
                {
                    link.IsAwake = false;
                    session.Work();
                    moved = true;
                }

                while (i != Waiting && link.Sent.TryDequeue(out byte[]? frame))
                {
                    moved = true;
                    PeerSession target = _ends[1 - i].Session;
                    for (int copies = Deliveries(); copies > 0; copies--)
                    {
                        Assert.True(target.Receive(frame));
                        target.Work();
                        if (isEnough())
                            return;
                    }
                }
            }
        }
    }

    public void Tick()
    {
        foreach ((_, _, PeerSession session) in _ends)
            session.Tick();
        Settle();
    }

    public void Dispose()
    {
        foreach ((SyncNode node, _, PeerSession session) in _ends)
            node.Detach(session);
    }
}
