namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>What hangs on each byte of a text, sorted and sought by halves: peers choose what runs hang on, and could choose what any hash holds against us.</summary>
internal sealed class TextChildren
{
    private readonly List<TextChild> _all = [];
    private readonly ByPlace _order = new();

    /// <summary>Comparisons so far.</summary>
    public long Steps => _order.Steps;

    /// <summary>One of them, by its place.</summary>
    public TextChild this[int place] => _all[place];

    /// <summary>Adds a run.</summary>
    public void Add(in TextChild child) => _all.Add(child);

    /// <summary>Puts all into order; before anything is sought.</summary>
    public void Sort() => _all.Sort(_order);

    /// <summary>The places of what hangs on one side of a byte, in order.</summary>
    public (int Start, int End) Of(int at, int offset, bool isLeft)
    {
        int start = Seek(new TextChild(at, offset, isLeft, -1, 0, 0));
        return (start, Seek(new TextChild(at, offset, isLeft, int.MaxValue, 0, 0)));
    }

    /// <summary>The first byte of an insertion, from a start on, at which others hang; the greatest number where there is none.</summary>
    public int AnchorFrom(int block, int start)
    {
        int place = Seek(new TextChild(block, start, false, -1, 0, 0));
        return place < _all.Count && _all[place].At == block ? _all[place].Offset : int.MaxValue;
    }

    /// <summary>The place before which the right children of a byte come before the byte after it in its run.</summary>
    public int RestOf(int block, int offset) => Seek(new TextChild(block, offset, false, block, offset + 1, 0));

    private int Seek(in TextChild child)
    {
        int place = _all.BinarySearch(child, _order);
        return place < 0 ? ~place : place;
    }

    private sealed class ByPlace : IComparer<TextChild>
    {
        public long Steps { get; private set; }

        public int Compare(TextChild left, TextChild right)
        {
            Steps++;
            int order = left.At.CompareTo(right.At);
            order = order != 0 ? order : left.Offset.CompareTo(right.Offset);
            order = order != 0 ? order : left.IsLeft.CompareTo(right.IsLeft);
            order = order != 0 ? order : left.Block.CompareTo(right.Block);
            return order != 0 ? order : left.Start.CompareTo(right.Start);
        }
    }
}
