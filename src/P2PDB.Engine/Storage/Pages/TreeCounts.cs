namespace P2PDB.Engine.Storage.Pages;

/// <summary>How many records each tree holds, for estimates. Written by the writer, read by everybody.</summary>
internal sealed class TreeCounts
{
    private long[] _counts = new long[64];

    /// <summary>Records of a tree at some recent moment.</summary>
    public long Get(TreeId tree)
    {
        long[] counts = Volatile.Read(ref _counts);
        return tree.Value < (ulong)counts.Length ? Volatile.Read(ref counts[tree.Value]) : 0;
    }

    /// <summary>Sets the number.</summary>
    public void Set(TreeId tree, long count)
    {
        if (tree.Value >= (ulong)_counts.Length)
        {
            long[] larger = new long[Math.Max((int)tree.Value + 1, _counts.Length * 2)];
            _counts.CopyTo(larger, 0);
            Volatile.Write(ref _counts, larger);
        }

        Volatile.Write(ref _counts[tree.Value], count);
    }
}
