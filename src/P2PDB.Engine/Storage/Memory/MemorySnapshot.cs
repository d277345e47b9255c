namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// One published state: a table of roots. It is immutable and shared by all readers of the state, so disposing it does
/// nothing; the garbage collector frees what no reader holds.
/// </summary>
internal sealed class MemorySnapshot(RootTable<TreeRoot> roots, long commitNumber, object? companion) : StoreSnapshot
{
    public override long CommitNumber { get; } = commitNumber;

    public override object? Companion { get; } = companion;

    public RootTable<TreeRoot> Roots { get; } = roots;

    public override StoreSnapshot Hold() => this;

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
