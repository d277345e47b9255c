using P2PDB.Engine.Sync;
using P2PDB.Primitives.Keys;

namespace P2PDB.Simulation.Nodes;

/// <summary>One end of a connection: the session of the node there, and the frames it sent that did not arrive yet.</summary>
internal sealed class SimulatedEnd : IPeerLink
{
    private readonly List<byte[]> _outgoing = [];
    private bool _hasGreeted;

    public SimulatedEnd(SimulatedNode node, SimulatedNode peer)
    {
        Node = node;
        Remote = peer.Database!.NodeKey.PublicKey;
        Session = node.Database!.Sync.Attach(this);
    }

    public SimulatedNode Node { get; }

    public PeerSession Session { get; }

    public PublicKey Remote { get; }

    /// <summary>True when the session asked to be called.</summary>
    public bool IsAwake { get; set; }

    public int OutgoingCount => _outgoing.Count;

    /// <summary>A slow link: nothing more is to be sent while anything is on its way.</summary>
    public int QueuedLength => _outgoing.Count > 1 ? int.MaxValue : 0;

    public void Send(ReadOnlySpan<byte> frame) => _outgoing.Add(frame.ToArray());

    public void Wake() => IsAwake = true;

    /// <summary>
    /// Takes the frame that arrives next; null where it is lost. The greeting, which opens the stream, always comes first: without
    /// it there is no connection.
    /// </summary>
    public byte[]? TakeNext(NetworkFaults faults, Random dice)
    {
        int index = _hasGreeted && dice.Next(100) < faults.Reorder ? dice.Next(_outgoing.Count) : 0;
        byte[] frame = _outgoing[index];
        _outgoing.RemoveAt(index);
        IsAwake |= _outgoing.Count == 0; // Room in the send queue.
        if (_hasGreeted && dice.Next(100) < faults.Repeat)
            _outgoing.Insert(dice.Next(_outgoing.Count + 1), frame);
        if (_hasGreeted && dice.Next(100) < faults.Loss)
            return null;
        _hasGreeted = true;
        return frame;
    }
}
