namespace P2PDB.Engine.Storage;

/// <summary>
/// The roots of all trees of one state. Tree numbers are dense, so it is an array of pages. A page has the commit number of its
/// last change: a table that is used again for a later state copies only what differs.
/// </summary>
internal sealed class RootTable<TRoot>
    where TRoot : struct
{
    /// <summary>More trees than a node can make in its life; beyond it a number is a mistake, not a tree.</summary>
    private const ulong TreeMax = 1 << 26;

    private const int PageShift = 5;
    private const int PageLength = 1 << PageShift;

    private Page[] _pages = [];

    /// <summary>The root of a tree; the default where there is none.</summary>
    public TRoot this[TreeId tree]
    {
        get
        {
            ulong page = tree.Value >> PageShift;
            return page < (ulong)_pages.Length && _pages[page].Roots is { } roots
                ? roots[tree.Value & (PageLength - 1)]
                : default;
        }
    }

    /// <summary>All trees whose root is not the default, in order of their numbers.</summary>
    public IEnumerable<KeyValuePair<TreeId, TRoot>> Trees
    {
        get
        {
            for (int page = 0; page < _pages.Length; page++)
            {
                for (int i = 0; _pages[page].Roots is { } roots && i < PageLength; i++)
                {
                    if (!EqualityComparer<TRoot>.Default.Equals(roots[i], default))
                        yield return new(new TreeId(((ulong)page << PageShift) | (uint)i), roots[i]);
                }
            }
        }
    }

    /// <summary>Becomes what <paramref name="source"/> is, a later state of the same store, with changes of the commit after it.</summary>
    public void Follow(RootTable<TRoot> source, ReadOnlySpan<KeyValuePair<TreeId, TRoot>> changes, long commitNumber)
    {
        if (_pages.Length < source._pages.Length)
            Array.Resize(ref _pages, source._pages.Length);
        for (int i = 0; i < source._pages.Length; i++)
        {
            ref Page page = ref _pages[i];
            if (page.ChangedAt == source._pages[i].ChangedAt)
                continue;
            source._pages[i].Roots.CopyTo((page.Roots ??= new TRoot[PageLength]).AsSpan());
            page.ChangedAt = source._pages[i].ChangedAt;
        }

        foreach ((TreeId tree, TRoot root) in changes)
        {
            Invariant.Check(tree.Value is > 0 and < TreeMax, "tree numbers are small and not zero");
            int number = (int)(tree.Value >> PageShift);
            if (number >= _pages.Length)
                Array.Resize(ref _pages, number + 1);
            ref Page page = ref _pages[number];
            (page.Roots ??= new TRoot[PageLength])[tree.Value & (PageLength - 1)] = root;
            page.ChangedAt = commitNumber;
        }
    }

    /// <summary>Roots of trees with neighbouring numbers; none while <see cref="ChangedAt"/> is 0.</summary>
    private struct Page
    {
        public TRoot[]? Roots;
        public long ChangedAt;
    }
}
