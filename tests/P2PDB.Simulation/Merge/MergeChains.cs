using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;
using P2PDB.Simulation.Model;

namespace P2PDB.Simulation.Merge;

/// <summary>One replica's numbering of chains, in the order in which it met them: no two replicas need agree.</summary>
internal sealed class MergeChains : ChainDirectory
{
    private readonly List<AuthorKey> _authors = [];
    private readonly Dictionary<EntryId, int> _tips = [];
    private readonly Dictionary<(int Chain, HlcTimestamp Hlc), EntryId> _entries = [];

    /// <summary>The chain of an entry: its predecessor's where that is the end of one, else a new one (a fork, or a start).</summary>
    public int Add(ModelEntry entry)
    {
        if (!_tips.Remove(entry.Previous, out int chain))
        {
            chain = _authors.Count;
            _authors.Add(entry.Author);
        }

        _tips[entry.Id] = chain;
        _entries.Add((chain, entry.Hlc), entry.Id);
        return chain;
    }

    public override AuthorKey AuthorOf(int chain) => _authors[chain];

    public override EntryId EntryAt(int chain, HlcTimestamp hlc) => _entries[(chain, hlc)];
}
