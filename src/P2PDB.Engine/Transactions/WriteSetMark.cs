using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Overlays;

namespace P2PDB.Engine.Transactions;

/// <summary>A state of a write set to go back to. The default is the empty one.</summary>
internal readonly struct WriteSetMark(long number, KeyValuePair<TreeId, OverlayMark>[] states)
{
    /// <summary>Number of the mark; marks of one write set are numbered as they are taken.</summary>
    public long Number { get; } = number;

    /// <summary>The state that a tree had then; empty where it did not exist.</summary>
    public OverlayMark StateOf(TreeId tree)
    {
        if (states is not null)
        {
            foreach ((TreeId id, OverlayMark state) in states)
            {
                if (id == tree)
                    return state;
            }
        }

        return default;
    }
}
