namespace P2PDB.Engine.Storage.Memory;

/// <summary>One published state of a memory store: a table of roots.</summary>
internal sealed class MemorySnapshot : CountedSnapshot<TreeRoot>
{
    public override bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target)
    {
        if (Roots[tree].TryGet(key, out ReadOnlySpan<byte> value))
        {
            target.Set(value);
            return true;
        }

        target.Clear();
        return false;
    }

    public override Cursor OpenCursor(TreeId tree, Cursor? recycled = null) =>
        recycled is TreeCursor cursor ? cursor.Rebind(Roots[tree], null) : new TreeCursor(Roots[tree]);

    public override long EstimateCount(TreeId tree) => Roots[tree].Count;
}
