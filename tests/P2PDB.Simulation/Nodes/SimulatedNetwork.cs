namespace P2PDB.Simulation.Nodes;

/// <summary>The connections between nodes: at most one for each pair, none between nodes that are parted or down.</summary>
internal sealed class SimulatedNetwork(Random dice, List<string> trace) : IDisposable
{
    private readonly List<SimulatedConnection> _connections = [];
    private readonly HashSet<(SimulatedNode, SimulatedNode)> _parted = [];

    /// <summary>What the network does to frames.</summary>
    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>Connects two nodes, unless they are or cannot be.</summary>
    public void Connect(SimulatedNode one, SimulatedNode other)
    {
        if (one == other || !one.IsUp || !other.IsUp || _parted.Contains((one, other))
            || _connections.Exists(connection => connection.Joins(one, other)))
        {
            return;
        }

        trace.Add($"{one} and {other} connect");
        _connections.Add(new SimulatedConnection(one, other));
    }

    public void Cut(SimulatedNode one, SimulatedNode other) => Remove(connection => connection.Joins(one, other));

    public void CutAll(SimulatedNode node) => Remove(connection => connection.Joins(node));

    /// <summary>Cuts two nodes and keeps them from connecting.</summary>
    public void Part(SimulatedNode one, SimulatedNode other)
    {
        _parted.Add((one, other));
        _parted.Add((other, one));
        Cut(one, other);
    }

    /// <summary>Lets all nodes connect, and frames arrive once and in order.</summary>
    public void Heal()
    {
        _parted.Clear();
        Faults = NetworkFaults.None;
    }

    /// <summary>One thing that can happen now, by the dice; null where nothing can.</summary>
    public SimulatedNode? Move()
    {
        List<(SimulatedConnection Connection, SimulatedEnd End)> movable =
            [.. from connection in _connections from end in connection.Movable select (connection, end)];
        if (movable.Count == 0)
            return null;
        (SimulatedConnection chosen, SimulatedEnd sender) = movable[dice.Next(movable.Count)];
        trace.Add(chosen.Move(sender, Faults, dice, out SimulatedNode actor, out bool isBroken));
        if (isBroken)
            Remove(connection => connection == chosen);
        return actor;
    }

    /// <summary>The time of the next offers has come on all of a node's connections.</summary>
    public void Tick()
    {
        foreach (SimulatedConnection connection in _connections)
            connection.Tick();
    }

    public void Dispose() => Remove(_ => true);

    private void Remove(Predicate<SimulatedConnection> which)
    {
        foreach (SimulatedConnection connection in _connections.FindAll(which))
        {
            _connections.Remove(connection);
            connection.Dispose();
        }
    }
}
