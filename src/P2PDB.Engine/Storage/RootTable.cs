namespace P2PDB.Engine.Storage;

/// <summary>
/// The roots of all trees of one state, immutable. Tree numbers are dense, so it is an array of pages; a new state shares
/// the pages that it does not change.
/// </summary>
internal sealed class RootTable<TRoot>
    where TRoot : struct
{
    /// <summary>More trees than a node can make in its life; beyond it a number is a mistake, not a tree.</summary>
    private const ulong TreeMax = 1 << 26;

    private const int PageShift = 5;
    private const int PageLength = 1 << PageShift;

    private readonly TRoot[]?[] _pages;

    private RootTable(TRoot[]?[] pages) => _pages = pages;

    public static RootTable<TRoot> Empty { get; } = new([]);

    public TRoot this[TreeId tree]
    {
        get
        {
            ulong page = tree.Value >> PageShift;
            return page < (ulong)_pages.Length && _pages[page] is { } roots
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
                for (int i = 0; _pages[page] is { } roots && i < PageLength; i++)
                {
                    if (!EqualityComparer<TRoot>.Default.Equals(roots[i], default))
                        yield return new(new TreeId(((ulong)page << PageShift) | (uint)i), roots[i]);
                }
            }
        }
    }

    /// <summary>The same roots but for the given ones.</summary>
    public RootTable<TRoot> With(IEnumerable<KeyValuePair<TreeId, TRoot>> changes)
    {
        TRoot[]?[] pages = _pages.AsSpan().ToArray();
        foreach ((TreeId tree, TRoot root) in changes)
        {
            Invariant.Check(tree.Value is > 0 and < TreeMax, "tree numbers are small and not zero");
            int page = (int)(tree.Value >> PageShift);
            if (page >= pages.Length)
                Array.Resize(ref pages, page + 1);

            // A page is copied once per state: afterwards it is no longer the old table's.
            if (page >= _pages.Length || ReferenceEquals(pages[page], _pages[page]))
                pages[page] = pages[page] is { } old ? [.. old] : new TRoot[PageLength];
            pages[page]![tree.Value & (PageLength - 1)] = root;
        }

        return new RootTable<TRoot>(pages);
    }
}
