using System.Collections.Immutable;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// The layouts of one table on this node, by number. It only grows, and is shared by all versions of the table's schema: a
/// layout is in the list before the first row that uses it is published. One thread adds; any thread reads.
/// </summary>
internal sealed class RowLayouts
{
    private volatile StoredLayout[] _layouts = [];

    /// <summary>How many there are; numbers run from 0.</summary>
    public int Count => _layouts.Length;

    /// <summary>The layout of a number that a row record names.</summary>
    public StoredLayout this[int number] => _layouts[number];

    /// <summary>The number of exactly these columns in this order, or -1.</summary>
    public int IndexOf(ReadOnlySpan<StoredColumn> columns)
    {
        StoredLayout[] layouts = _layouts;
        for (int i = layouts.Length - 1; i >= 0; i--)
        {
            if (layouts[i].Columns.AsSpan().SequenceEqual(columns))
                return i;
        }

        return -1;
    }

    /// <summary>The layout of exactly these columns in this order, added where it was not there.</summary>
    public StoredLayout Get(ReadOnlySpan<StoredColumn> columns)
    {
        int number = IndexOf(columns);
        return this[number < 0 ? Add(columns) : number];
    }

    /// <summary>Adds a layout and returns its number.</summary>
    public int Add(ReadOnlySpan<StoredColumn> columns)
    {
        StoredLayout[] layouts = _layouts;
        ImmutableArray<StoredColumn> list = [.. columns];
        _layouts = [.. layouts, new StoredLayout(layouts.Length, list, LayoutFactory.Create(columns))];
        return layouts.Length;
    }
}
