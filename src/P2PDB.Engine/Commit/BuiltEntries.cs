using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>
/// The entries built for one commit: their bytes back to back, as one journal record, and their ids in the same order; or, of a
/// transaction too long for that, their places in a history file, where each goes as soon as it is built.
/// </summary>
internal sealed class BuiltEntries : IDisposable
{
    private HistoryAddition? _target;

    /// <summary>The entries' bytes, as far as they are not in a history file.</summary>
    public ByteWriter Bytes { get; } = new(4096);

    /// <summary>The entries' ids, as their builder computed them: nothing is hashed again to find them.</summary>
    public List<EntryId> Ids { get; } = [];

    /// <summary>Where in the history file the entries lie.</summary>
    public List<EntryPlace> Places { get; } = [];

    /// <summary>Forgets the entries and keeps the memory; with a <paramref name="target"/> the next ones go there.</summary>
    public void Clear(HistoryAddition? target = null)
    {
        _target = target;
        Bytes.Clear();
        Ids.Clear();
        Places.Clear();
    }

    /// <summary>Takes the entry that was just written to the end of <see cref="Bytes"/>.</summary>
    public void Add(in EntryId id)
    {
        Ids.Add(id);
        if (_target is null)
            return;
        Places.Add(_target.Add(Bytes.Written));
        Bytes.Clear();
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => Bytes.Dispose();
}
