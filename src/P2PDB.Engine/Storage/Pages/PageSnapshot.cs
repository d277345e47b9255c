namespace P2PDB.Engine.Storage.Pages;

/// <summary>One published state of a page store.</summary>
internal sealed class PageSnapshot(PageStore store) : CountedSnapshot<PageRoot>
{
    public override bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target) =>
        store.Space.TryGet(Roots[tree], key, CommitNumber, target);

    public override Cursor OpenCursor(TreeId tree, Cursor? recycled = null) =>
        (recycled as PageCursor ?? new PageCursor(store.Space)).Bind(Roots[tree], CommitNumber);

    public override long EstimateCount(TreeId tree) => store.Counts.Get(tree);
}
