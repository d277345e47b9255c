// TEXTS THAT MANY WRITE
//
// Fugue, of Weidner and Kleppmann ("The Art of the Fugue: Minimizing Interleaving in Collaborative Text Editing", 2023), over runs of bytes.
// A text is a tree. Each byte hangs on the left or on the right of another, and the text is the tree read from left to right: the
// left children of a byte, the byte, its right children; children of one side in the order of their names (time, author, number).
// Who inserts between two bytes, one of them perhaps gone already, hangs the new ones on the right of the first, or, where that has
// something on its right, on the left of the second. So what two authors insert at one place at the same time stands one after
// the other, never mixed, forwards and backwards. Bytes that were taken away stay in the tree, without their contents.
//
// An author's word says all that the author inserted and took away; what shows is the union of all words. Each byte of a run hangs on
// the right of the one before, so that only runs are kept, and here only the bytes at which others hang are looked at by themselves.
//
// Any set of words has a text, lies among them: an insertion is taken from its author's own word where that has it, else from the latest that
// has; nothing is later than the word that says it; a place that is not there, or not earlier than what hangs on it, is the root.
//
// A word says on which new beginning of the text it builds, a base. Only the words that build on the latest base of all that any word names count, so
// that two who begin a text anew apart do not have it twice. Of values from before the column merged as a text, which those who edited it may know
// different ones of, the latest counts, and the others are gone: what was put into them stays.
//
// Words come from peers, who may say anything: what they name is sorted and sought by halves. So the work grows with the runs and ranges of all
// words, times a logarithm, and with the bytes of the text, whatever they say.
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>The text that the words of all authors make together; see the prose above.</summary>
internal sealed class TextJoin
{
    private readonly List<TextBlock> _blocks = [];
    private readonly TextChildren _children = new();
    private readonly List<TextSpan> _spans = [];
    private long _steps;

    /// <summary>Joins words, the latest first.</summary>
    /// <param name="words">The words.</param>
    /// <param name="areSidesForgotten">A bug that the simulator plants: all hangs on the right.</param>
    /// <param name="lengthMax">Bytes of the text at most.</param>
    public TextJoin(IReadOnlyList<TextWord> words, bool areSidesForgotten = false, int lengthMax = TextEdits.LengthMax)
    {
        foreach (TextWord word in words)
            Base = word.Base.CompareTo(Base) > 0 ? word.Base : Base;
        List<TextWord> counted = [];
        foreach (TextWord word in words)
        {
            if (word.Base == Base)
                counted.Add(word);
        }

        Words = counted;
        AddBlocks(Words);
        TakeFormerAway();
        foreach (TextWord word in Words)
        {
            foreach (TextRange range in word.Edits.Removed)
            {
                if (word.Knows(range.Author, range.Time) && Find(word, range.Author, range.Time) is { } block)
                    _blocks[block].Remove(range.Start, range.Length);
            }
        }

        for (int i = 0; i < _blocks.Count; i++)
        {
            _blocks[i].Seal();
            AddRuns(i, areSidesForgotten);
        }

        _children.Sort();
        Walk();
        Text = TextOfSpans(lengthMax);
    }

    /// <summary>The text, as far as one can be long: more than that only lies come to.</summary>
    public byte[] Text { get; }

    /// <summary>Bytes of all of the text.</summary>
    public long Length { get; private set; }

    /// <summary>The latest new beginning of the text, by time and author; of time 0 where there is none.</summary>
    public (ulong Time, PublicKey Author) Base { get; }

    /// <summary>The words that build on it, the latest first.</summary>
    public IReadOnlyList<TextWord> Words { get; }

    /// <summary>What it is made of from left to right, gone parts too.</summary>
    public IReadOnlyList<TextSpan> Spans => _spans;

    /// <summary>The insertions, in the order of time.</summary>
    public IReadOnlyList<TextBlock> Blocks => _blocks;

    /// <summary>Comparisons that it took to sort and to seek, and parts that were looked at: the work, but for copying the text.</summary>
    public long Steps => _steps + _children.Steps;

    /// <summary>The number of an insertion that a word names; null where no word has it.</summary>
    public int? Find(TextWord word, int author, ulong time)
    {
        (ulong sought, PublicKey by) = (word.TimeOf(time), word.AuthorOf(author));
        int low = 0;
        for (int high = _blocks.Count; low < high;)
        {
            int middle = (low + high) >> 1;
            if (Compare(_blocks[middle], sought, by) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _blocks.Count && Compare(_blocks[low], sought, by) == 0 ? low : null;
    }

    /// <summary>True where something hangs on the right of a byte.</summary>
    public bool HasRight(int block, int offset) =>
        !_blocks[block].IsLastOfRun(offset) || _children.Of(block, offset, isLeft: false) is (var start, var end) && start < end;

    /// <summary>Takes each insertion once: as its author states it, else as the latest word does.</summary>
    private void AddBlocks(IReadOnlyList<TextWord> words)
    {
        List<(TextBlock Block, int Order)> stated = [];
        foreach (TextWord word in words)
        {
            int textStart = 0;
            int range = 0;
            foreach (TextInsertion insertion in word.Edits.Insertions)
            {
                TextBlock block = new(word, insertion, textStart, ref range);
                textStart = block.TextEnd;
                if (word.Knows(insertion.Author, insertion.Time))
                    stated.Add((block, stated.Count));
            }
        }

        stated.Sort((left, right) =>
        {
            int order = Compare(left.Block, right.Block.Time, right.Block.Author);
            order = order != 0 ? order : (left.Block.Author != left.Block.Word.Author).CompareTo(right.Block.Author != right.Block.Word.Author);
            return order != 0 ? order : left.Order.CompareTo(right.Order);
        });
        foreach ((TextBlock block, _) in stated)
        {
            if (_blocks.Count == 0 || Compare(_blocks[^1], block.Time, block.Author) != 0)
                _blocks.Add(block);
        }
    }

    /// <summary>Takes away all values from before the column merged as a text but the latest.</summary>
    private void TakeFormerAway()
    {
        int latest = _blocks.FindLastIndex(block => block.Insertion.IsFormer);
        for (int i = 0; i < latest; i++)
        {
            if (_blocks[i].Insertion.IsFormer)
                _blocks[i].Remove(0, _blocks[i].Length);
        }
    }

    private int Compare(TextBlock block, ulong time, PublicKey author)
    {
        _steps++;
        return block.Time != time ? block.Time.CompareTo(time) : block.Author.CompareTo(author);
    }

    private void AddRuns(int number, bool areSidesForgotten)
    {
        TextBlock block = _blocks[number];
        int start = 0;
        foreach (TextRun run in block.Insertion.Runs)
        {
            (int at, int offset, bool isLeft) = PlaceOf(block, run.Place, number, start);
            _children.Add(new TextChild(at, offset, isLeft && !areSidesForgotten, number, start, start + run.Length));
            start += run.Length;
        }
    }

    private (int Block, int Offset, bool IsLeft) PlaceOf(TextBlock block, in TextPlace place, int number, int start)
    {
        (int, int, bool) root = (-1, 0, false);
        if (place.Author < 0 || Find(block.Word, place.Author, place.Time) is not { } other || place.Offset >= _blocks[other].Length)
            return root;

        bool isEarlier = other == number ? place.Offset < start : _blocks[other].Time < block.Time;
        return isEarlier ? (other, place.Offset, place.IsLeft) : root;
    }

    /// <summary>Reads the tree from left to right, without recursion: it may be as deep as it has runs.</summary>
    private void Walk()
    {
        Stack<(int Block, int Start, int End, bool IsWhole)> todo = new();
        Push(todo, _children.Of(-1, 0, isLeft: false));
        while (todo.TryPop(out (int Block, int Start, int End, bool IsWhole) part))
        {
            int anchor = part.IsWhole ? part.End : Math.Min(part.End, _children.AnchorFrom(part.Block, part.Start));
            Emit(part.Block, part.Start, anchor);
            if (anchor == part.End)
                continue;

            // What comes last is pushed first. The rest of the run is one of the right children.
            (int Start, int End) right = _children.Of(part.Block, anchor, isLeft: false);
            if (anchor + 1 < part.End)
            {
                int rest = _children.RestOf(part.Block, anchor);
                Push(todo, right with { Start = rest });
                todo.Push((part.Block, anchor + 1, part.End, false));
                right.End = rest;
            }

            Push(todo, right);
            todo.Push((part.Block, anchor, anchor + 1, true));
            Push(todo, _children.Of(part.Block, anchor, isLeft: true));
        }
    }

    private void Push(Stack<(int Block, int Start, int End, bool IsWhole)> todo, (int Start, int End) children)
    {
        for (int i = children.End - 1; i >= children.Start; i--)
        {
            _steps++;
            todo.Push((_children[i].Block, _children[i].Start, _children[i].End, false));
        }
    }

    private void Emit(int block, int start, int end)
    {
        foreach ((int goneStart, int goneEnd) in RemovedFrom(block, start))
        {
            _steps++;
            if (goneStart >= end)
                break;
            AddSpan(block, start, Math.Max(start, goneStart), isGone: false);
            AddSpan(block, Math.Max(start, goneStart), Math.Min(end, goneEnd), isGone: true);
            start = Math.Min(end, goneEnd);
        }

        AddSpan(block, start, end, isGone: false);
    }

    private IEnumerable<(int Start, int End)> RemovedFrom(int block, int start)
    {
        IReadOnlyList<(int Start, int End)> removed = _blocks[block].Removed;
        int low = 0;
        for (int high = removed.Count; low < high;)
        {
            int middle = (low + high) >> 1;
            if (removed[middle].End <= start)
                low = middle + 1;
            else
                high = middle;
        }

        for (; low < removed.Count; low++)
            yield return removed[low];
    }

    private void AddSpan(int block, int start, int end, bool isGone)
    {
        if (start >= end)
            return;
        if (_spans.Count > 0 && _spans[^1] is var last && last.Block == block && last.IsGone == isGone && last.Start + last.Length == start)
            _spans[^1] = last with { Length = last.Length + end - start };
        else
            _spans.Add(new TextSpan(block, start, end - start, isGone));
    }

    private byte[] TextOfSpans(int lengthMax)
    {
        foreach (TextSpan span in _spans)
            Length += span.IsGone ? 0 : span.Length;
        byte[] text = new byte[Math.Min(lengthMax, Length)];
        int next = 0;
        foreach (TextSpan span in _spans)
        {
            if (span.IsGone)
                continue;
            int length = Math.Min(span.Length, text.Length - next);
            _blocks[span.Block].TextOf(span.Start, length).CopyTo(text.AsSpan(next));
            next += length;
            if (next == text.Length)
                break;
        }

        return text;
    }
}
