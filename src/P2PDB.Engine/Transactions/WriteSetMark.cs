using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Transactions;

/// <summary>A state of a write set to go back to. The default is the empty one.</summary>
internal readonly struct WriteSetMark(KeyValuePair<TreeId, TreeRoot>[] roots)
{
    /// <summary>The root a tree had then; empty where it did not exist.</summary>
    public TreeRoot RootOf(TreeId tree)
    {
        if (roots is not null)
        {
            foreach ((TreeId id, TreeRoot root) in roots)
            {
                if (id == tree)
                    return root;
            }
        }

        return default;
    }
}
