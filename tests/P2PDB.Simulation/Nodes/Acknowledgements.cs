using P2PDB.Engine.Log;

namespace P2PDB.Simulation.Nodes;

/// <summary>
/// The entries of all statements that were answered well. One that was durable may be missing nowhere in the end, and at no time
/// on the node that answered; one that was not may be lost with its node's power, and then with nobody else having seen it.
/// </summary>
internal sealed class Acknowledgements
{
    private readonly Dictionary<SimulatedNode, HashSet<EntryId>> _durable = [];
    private readonly Dictionary<SimulatedNode, HashSet<EntryId>> _pending = [];
    private readonly HashSet<EntryId> _expected = [];
    private int[] _lengths = [];

    /// <summary>Durable entries that everybody has to have in the end.</summary>
    public int Count => _expected.Count;

    /// <summary>A statement begins.</summary>
    public void Begin(SimulatedNode node) => _lengths = LengthsOf(node.Log);

    /// <summary>The statement was answered well: returns how many entries it added.</summary>
    public int End(SimulatedNode node)
    {
        int count = 0;
        DatabaseLog? log = node.Log;
        for (int number = 0; number < (log?.ChainCount ?? 0); number++)
        {
            Chain chain = log!.ChainAt(number);
            for (int i = number < _lengths.Length ? _lengths[number] : 0; i < chain.Count; i++, count++)
                Of(_pending, node).Add(chain[i].Id);
        }

        Settle(node);
        return count;
    }

    /// <summary>What became durable on a node is expected from now on.</summary>
    public void Settle(SimulatedNode node)
    {
        HashSet<EntryId> pending = Of(_pending, node);
        if (pending.Count == 0 || node.Log is not { } log)
            return;
        foreach (EntryId id in pending.ToList())
        {
            if (!log.TryFind(id, out EntryPosition position)
                || log.ChainAt(position.Chain).PublishedCount <= position.Index)
            {
                continue;
            }

            pending.Remove(id);
            Of(_durable, node).Add(id);
            _expected.Add(id);
        }
    }

    /// <summary>A node has started on its own disk: what was durable is there, what was not may be lost.</summary>
    public void AssertKept(SimulatedNode node)
    {
        HashSet<EntryId> durable = Of(_durable, node);
        if (durable.Count > 0)
            Assert.NotNull(node.Log);
        foreach (EntryId id in durable)
            Assert.True(node.Log!.Contains(id), $"{node} lost entry {id}, which was acknowledged and durable");
        Settle(node);
        Of(_pending, node).Clear();
    }

    /// <summary>A node goes on with an older disk, on purpose: it has to keep what is there, and nobody what nobody holds.</summary>
    public void Forget(SimulatedNode node, IReadOnlyCollection<SimulatedNode> nodes)
    {
        Of(_durable, node).RemoveWhere(id => node.Log?.Contains(id) != true);
        Of(_pending, node).Clear();
        _expected.RemoveWhere(id => !nodes.Any(other => other.Log?.Contains(id) == true));
    }

    /// <summary>Everything expected is held.</summary>
    public void AssertHeldBy(SimulatedNode node)
    {
        foreach (EntryId id in _expected)
            Assert.True(node.Log!.Contains(id), $"{node} does not hold entry {id}, which was acknowledged and durable");
    }

    private static HashSet<EntryId> Of(Dictionary<SimulatedNode, HashSet<EntryId>> sets, SimulatedNode node)
    {
        if (!sets.TryGetValue(node, out HashSet<EntryId>? set))
            sets.Add(node, set = []);
        return set;
    }

    private static int[] LengthsOf(DatabaseLog? log) =>
        log is null ? [] : [.. Enumerable.Range(0, log.ChainCount).Select(number => log.ChainAt(number).Count)];
}
