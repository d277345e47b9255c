using System.Collections.Immutable;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>One write's insertion as all words together have it.</summary>
internal sealed class TextBlock
{
    private readonly List<(int Start, int End, int TextStart)> _pieces = [];
    private readonly List<(int Start, int End)> _removed = [];
    private readonly int[] _runEnds;

    /// <summary>Takes an insertion of the word that states it.</summary>
    /// <param name="word">The word.</param>
    /// <param name="insertion">The insertion.</param>
    /// <param name="textStart">Where in the word's text it starts.</param>
    /// <param name="range">A place among the word's ranges before which none takes away of it; moves behind those that do.</param>
    public TextBlock(TextWord word, TextInsertion insertion, int textStart, ref int range)
    {
        Word = word;
        Insertion = insertion;
        Author = word.AuthorOf(insertion.Author);
        Time = word.TimeOf(insertion.Time);
        _runEnds = new int[insertion.Runs.Length];
        for (int i = 0; i < _runEnds.Length; i++)
        {
            Length += insertion.Runs[i].Length;
            _runEnds[i] = Length;
        }

        int next = 0;
        ImmutableArray<TextRange> ranges = word.Edits.Removed;
        for (range = word.Edits.RangesFrom(insertion, range); range < ranges.Length && ranges[range].IsOf(insertion); range++)
        {
            if (ranges[range].Start >= Length)
                continue;
            AddPiece(next, ranges[range].Start, ref textStart);
            next = Math.Min(Length, ranges[range].Start + ranges[range].Length);
        }

        AddPiece(next, Length, ref textStart);
        TextEnd = textStart;
    }

    /// <summary>The word that states it.</summary>
    public TextWord Word { get; }

    /// <summary>As it states it.</summary>
    public TextInsertion Insertion { get; }

    /// <summary>Who inserted it.</summary>
    public PublicKey Author { get; }

    /// <summary>And when.</summary>
    public ulong Time { get; }

    /// <summary>Bytes that it numbers.</summary>
    public int Length { get; }

    /// <summary>Where in the word's text it ends.</summary>
    public int TextEnd { get; }

    /// <summary>What any word takes away of it, in order, none touching the next; after <see cref="Seal"/>.</summary>
    public IReadOnlyList<(int Start, int End)> Removed => _removed;

    /// <summary>True where a byte is the last of its run.</summary>
    public bool IsLastOfRun(int offset) => _runEnds.AsSpan().BinarySearch(offset + 1) >= 0;

    /// <summary>Notes that bytes were taken away, of which it may have fewer.</summary>
    public void Remove(int start, int length)
    {
        if (start < Length)
            _removed.Add((start, Math.Min(Length, start + length)));
    }

    /// <summary>Puts what was taken away into order.</summary>
    public void Seal() => Unite(_removed);

    /// <summary>Puts ranges into order, and makes one of those that touch.</summary>
    public static void Unite(List<(int Start, int End)> ranges)
    {
        ranges.Sort();
        int last = 0;
        for (int i = 1; i < ranges.Count; i++)
        {
            if (ranges[i].Start > ranges[last].End)
                ranges[++last] = ranges[i];
            else
                ranges[last] = (ranges[last].Start, Math.Max(ranges[last].End, ranges[i].End));
        }

        if (ranges.Count > 0)
            ranges.RemoveRange(last + 1, ranges.Count - last - 1);
    }

    /// <summary>The bytes of a part that nobody took away.</summary>
    public ReadOnlySpan<byte> TextOf(int start, int length)
    {
        int piece = _pieces.BinarySearch((start, int.MaxValue, int.MaxValue));
        (int pieceStart, _, int textStart) = _pieces[~piece - 1];
        return Word.Text.Span.Slice(textStart + start - pieceStart, length);
    }

    private void AddPiece(int start, int end, ref int textStart)
    {
        if (start >= end)
            return;
        _pieces.Add((start, end, textStart));
        textStart += end - start;
    }
}
