namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// The roots of all trees of one state, immutable. Tree numbers are dense, so it is an array of pages; a new state shares
/// the pages that it does not change.
/// </summary>
internal sealed class RootTable
{
    /// <summary>More trees than a node can make in its life; beyond it a number is a mistake, not a tree.</summary>
    private const ulong TreeMax = 1 << 26;

    private const int PageShift = 5;
    private const int PageLength = 1 << PageShift;

    private readonly TreeRoot[]?[] _pages;

    private RootTable(TreeRoot[]?[] pages) => _pages = pages;

    public static RootTable Empty { get; } = new([]);

    public TreeRoot this[TreeId tree]
    {
        get
        {
            ulong page = tree.Value >> PageShift;
            return page < (ulong)_pages.Length && _pages[page] is { } roots
                ? roots[tree.Value & (PageLength - 1)]
                : default;
        }
    }

    /// <summary>The same roots but for the given ones.</summary>
    public RootTable With(IEnumerable<KeyValuePair<TreeId, PersistentTree>> changes, long nextEdit)
    {
        TreeRoot[]?[] pages = _pages.AsSpan().ToArray();
        foreach ((TreeId tree, PersistentTree changed) in changes)
        {
            Invariant.Check(tree.Value is > 0 and < TreeMax, "tree numbers are small and not zero");
            int page = (int)(tree.Value >> PageShift);
            if (page >= pages.Length)
                Array.Resize(ref pages, page + 1);

            // A page is copied once per state: afterwards it is no longer the old table's.
            if (page >= _pages.Length || ReferenceEquals(pages[page], _pages[page]))
                pages[page] = pages[page] is { } old ? [.. old] : new TreeRoot[PageLength];
            pages[page]![tree.Value & (PageLength - 1)] = changed.Freeze(nextEdit);
        }

        return new RootTable(pages);
    }
}
