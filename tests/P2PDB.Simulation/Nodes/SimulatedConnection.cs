using P2PDB.Engine.Sync;

namespace P2PDB.Simulation.Nodes;

/// <summary>Two nodes' sessions and the frames between them.</summary>
internal sealed class SimulatedConnection : IDisposable
{
    private readonly SimulatedEnd[] _ends;

    public SimulatedConnection(SimulatedNode one, SimulatedNode other)
    {
        _ends = [new SimulatedEnd(one, other), new SimulatedEnd(other, one)];
        foreach (SimulatedEnd end in _ends)
            end.Session.Start();
    }

    /// <summary>Ends at which something can happen now: a frame is on its way from it, or its session asked to be called.</summary>
    public IEnumerable<SimulatedEnd> Movable => _ends.Where(end => end.IsAwake || (end.OutgoingCount > 0 && PeerOf(end).Session.WantsFrames));

    public bool Joins(SimulatedNode node) => Array.Exists(_ends, end => end.Node == node);

    public bool Joins(SimulatedNode one, SimulatedNode other) => Joins(one) && Joins(other);

    /// <summary>
    /// Calls the session that asked for it, or carries one frame. Says what happened and to whom; <paramref name="isBroken"/> where
    /// the receiver ends the connection.
    /// </summary>
    public string Move(SimulatedEnd end, NetworkFaults faults, Random dice, out SimulatedNode actor, out bool isBroken)
    {
        isBroken = false;
        actor = end.Node;
        if (end.IsAwake)
        {
            end.IsAwake = false;
            Drive(end, () => end.Session.Work());
            return $"{end.Node} works for {PeerOf(end).Node}";
        }

        SimulatedEnd target = PeerOf(end);
        actor = target.Node;
        if (end.TakeNext(faults, dice) is not { } frame)
            return $"{end.Node} to {target.Node}: lost";
        bool isTaken = true;
        Drive(target, () =>
        {
            isTaken = target.Session.Receive(frame);
            // What it asks for may be applied later than the next frame comes.
            if (dice.Next(2) == 0)
                target.Session.Work();
            else
                target.IsAwake = true;
        });
        isBroken = !isTaken;
        return $"{end.Node} to {target.Node}: {(FrameKind)frame[0]} of {frame.Length} bytes{(isTaken ? "" : ", refused")}";
    }

    /// <summary>The time of the next offers has come.</summary>
    public void Tick()
    {
        foreach (SimulatedEnd end in _ends)
            Drive(end, end.Session.Tick);
    }

    /// <summary>Ends both sessions; what was on its way is lost.</summary>
    public void Dispose()
    {
        foreach (SimulatedEnd end in _ends)
            end.Node.Database?.Sync.Detach(end.Session);
    }

    private SimulatedEnd PeerOf(SimulatedEnd end) => end == _ends[0] ? _ends[1] : _ends[0];

    /// <summary>A node whose power goes while it works is dealt with by who drives the run.</summary>
    private static void Drive(SimulatedEnd end, Action step)
    {
        try
        {
            step();
        }
        catch (IOException) when (end.Node.Volume.IsDown)
        {
            // The end of this process.
        }
    }
}
