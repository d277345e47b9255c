using System.Collections.Immutable;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>
/// Makes an author's next word on a text, from the words that are there and the text that is to be: what it inserts and takes away now, beside
/// all that the author did before.
/// </summary>
internal sealed class TextEditing
{
    private readonly PublicKey _own;
    private readonly TextJoin _join;
    private readonly Dictionary<int, List<(int Start, int End)>> _removed = [];
    private readonly HashSet<int> _stated = [];
    private readonly List<(int Length, (int Block, int Offset, bool IsLeft)? Place)> _inserted = [];
    private int _span;
    private long _spanStart;

    private TextEditing(PublicKey own, TextJoin join) => (_own, _join) = (own, join);

    /// <summary>
    /// The word of an author after which a text is <paramref name="text"/>. Where it would come to more than a word may say, it begins the text anew.
    /// </summary>
    /// <param name="own">The author.</param>
    /// <param name="words">What all say of the text, the latest first.</param>
    /// <param name="stated">Of these the one whose insertions the author states too: its own, or that of who wrote the value before it merged as a text.</param>
    /// <param name="limit">The most that the column holds.</param>
    /// <param name="text">The text that is to be.</param>
    public static TextWord Edit(PublicKey own, IReadOnlyList<TextWord> words, TextWord? stated, TextLimit limit, ReadOnlySpan<byte> text) =>
        Edit(own, new TextJoin(words), stated, limit, text);

    /// <summary>The same over words that are joined already.</summary>
    public static TextWord Edit(PublicKey own, TextJoin join, TextWord? stated, TextLimit limit, ReadOnlySpan<byte> text)
    {
        TextEditing editing = new(own, join);
        if (stated is not null && stated.Base == editing._join.Base)
            editing.State(stated);
        using ByteWriter inserted = new();
        foreach (TextChange change in TextDifference.Find(editing._join.Text, text))
        {
            if (change.NewLength > 0)
            {
                editing._inserted.Add((change.NewLength, editing.PlaceAt(change.Start)));
                inserted.Write(text.Slice(change.NewStart, change.NewLength));
            }

            editing.Remove(change.Start, change.Length);
        }

        // What is beyond the longest text there can be goes too.
        editing.Remove(editing._join.Text.Length, editing._join.Length - editing._join.Text.Length);
        TextWord word = editing.ToWord(limit, inserted.Written);
        return word.Edits.IsTooMuch ? Begin(own, limit, text, isBase: true) : word;
    }

    /// <summary>The word of an author who begins a text.</summary>
    /// <param name="own">The author.</param>
    /// <param name="limit">The most that the column holds.</param>
    /// <param name="text">The text.</param>
    /// <param name="isBase">True where it begins anew what others know: no word counts that does not build on it.</param>
    public static TextWord Begin(PublicKey own, TextLimit limit, ReadOnlySpan<byte> text, bool isBase)
    {
        TextEdits edits = new()
        {
            Limit = limit,
            Base = isBase ? new TextName(0, 0) : null,
            Insertions = text.IsEmpty ? [] : [new TextInsertion(0, 0, [new TextRun(text.Length, TextPlace.Root)])],
        };
        return new TextWord(own, TextWord.AtHand, edits, text.ToArray());
    }

    private void State(TextWord stated)
    {
        bool isRoomy = IsRoomy(stated);
        foreach (TextInsertion insertion in stated.Edits.Insertions)
        {
            if (_join.Find(stated, insertion.Author, insertion.Time) is not { } block)
                continue;
            // Of what it states the author says all that is gone, so that its text is only what is left, while others do not use up its room so.
            _stated.Add(block);
            if (!isRoomy)
                continue;
            foreach ((int start, int end) in _join.Blocks[block].Removed)
                RemoveFrom(block, start, end);
        }

        foreach (TextRange range in stated.Edits.Removed)
        {
            if (_join.Find(stated, range.Author, range.Time) is { } block)
                RemoveFrom(block, range.Start, Math.Min(_join.Blocks[block].Length, range.Start + range.Length));
        }
    }

    /// <summary>True where it takes no more than half of the pieces of a word to say what anybody took away of what the author states.</summary>
    private bool IsRoomy(TextWord stated)
    {
        int count = 0;
        foreach (TextInsertion insertion in stated.Edits.Insertions)
            count += _join.Find(stated, insertion.Author, insertion.Time) is { } block ? _join.Blocks[block].Removed.Count : 0;
        return count <= TextEdits.PieceCountMax / 2;
    }

    /// <summary>Where a byte hangs that is to come at a place of the text, which is not before the last one that was asked for.</summary>
    private (int Block, int Offset, bool IsLeft)? PlaceAt(int place)
    {
        IReadOnlyList<TextSpan> spans = _join.Spans;
        GoTo(place);
        int next = _span;
        if (place > 0)
        {
            // The span of the byte before it.
            long end = _spanStart + spans[next].Length;
            int offset = (int)(spans[next].Start + spans[next].Length - 1 + place - end);
            if (!_join.HasRight(spans[next].Block, offset))
                return (spans[next].Block, offset, false);
            if (place < end)
                return (spans[next].Block, offset + 1, true);
            next++;
        }

        return next < spans.Count ? (spans[next].Block, spans[next].Start, true) : null;
    }

    /// <summary>Goes on to the span that the byte before a place is in.</summary>
    private void GoTo(int place)
    {
        IReadOnlyList<TextSpan> spans = _join.Spans;
        while (place > 0 && _spanStart + ShownOf(spans[_span]) < place)
            _spanStart += ShownOf(spans[_span++]);
    }

    private static int ShownOf(in TextSpan span) => span.IsGone ? 0 : span.Length;

    /// <summary>Takes away a part of the text, which does not begin before the last place that was asked for.</summary>
    private void Remove(int start, long length)
    {
        GoTo(start);
        long place = _spanStart;
        for (int i = _span; place < start + length; i++)
        {
            TextSpan span = _join.Spans[i];
            int from = (int)(Math.Max(start, place) - place);
            int to = (int)(Math.Min(start + length, place + ShownOf(span)) - place);
            if (from < to)
                RemoveFrom(span.Block, span.Start + from, span.Start + to);
            place += ShownOf(span);
        }
    }

    private void RemoveFrom(int block, int start, int end)
    {
        if (start >= end)
            return;
        if (!_removed.TryGetValue(block, out List<(int Start, int End)>? ranges))
            _removed.Add(block, ranges = []);
        ranges.Add((start, end));
    }

    private TextWord ToWord(TextLimit limit, ReadOnlySpan<byte> inserted)
    {
        int atHand = _join.Blocks.Count - 1;
        bool isMore = atHand >= 0 && _join.Blocks[atHand].Time == TextWord.AtHand && _stated.Contains(atHand);
        foreach (List<(int Start, int End)> ranges in _removed.Values)
            TextBlock.Unite(ranges);
        ImmutableArray<PublicKey> authors = Others();
        List<int> stated = [.. _stated];
        stated.Sort((left, right) => Compare(authors, left, right));
        ImmutableArray<TextInsertion>.Builder insertions = ImmutableArray.CreateBuilder<TextInsertion>();
        using ByteWriter text = new();
        bool isInserted = _inserted.Count == 0;
        foreach (int block in stated)
        {
            bool isAtHand = isMore && block == atHand;
            if (!isInserted && (isAtHand || RefOf(authors, block) > 0))
            {
                insertions.Add(new TextInsertion(0, 0, [.. isAtHand ? RunsOf(authors, block) : [], .. NewRuns(authors)]));
                if (isAtHand)
                    WriteText(text, block);
                text.Write(inserted);
                isInserted = true;
                if (isAtHand)
                    continue;
            }

            insertions.Add(new TextInsertion(RefOf(authors, block), TimeOf(block), RunsOf(authors, block), IsFormer(block)));
            WriteText(text, block);
        }

        if (!isInserted)
        {
            insertions.Add(new TextInsertion(0, 0, NewRuns(authors)));
            text.Write(inserted);
        }

        TextEdits edits = new()
        {
            Limit = limit,
            Authors = authors,
            Base = BaseOf(authors),
            Insertions = insertions.ToImmutable(),
            Removed = RangesOf(authors),
        };
        return new TextWord(_own, TextWord.AtHand, edits, text.Written.ToArray());
    }

    private void WriteText(ByteWriter target, int block)
    {
        int next = 0;
        foreach ((int start, int end) in _removed.GetValueOrDefault(block) ?? [])
        {
            if (start > next)
                target.Write(_join.Blocks[block].TextOf(next, start - next));
            next = end;
        }

        if (next < _join.Blocks[block].Length)
            target.Write(_join.Blocks[block].TextOf(next, _join.Blocks[block].Length - next));
    }

    private ImmutableArray<PublicKey> Others()
    {
        SortedSet<PublicKey> authors = [];
        foreach (int block in _stated)
        {
            TextBlock stated = _join.Blocks[block];
            authors.Add(stated.Author);
            foreach (TextRun run in stated.Insertion.Runs)
            {
                if (run.Place.Author >= 0 && stated.Author == _own)
                    authors.Add(stated.Word.AuthorOf(run.Place.Author));
            }
        }

        foreach (int block in _removed.Keys)
            authors.Add(_join.Blocks[block].Author);
        foreach ((_, (int Block, int Offset, bool IsLeft)? place) in _inserted)
        {
            if (place is { } at)
                authors.Add(_join.Blocks[at.Block].Author);
        }

        if (_join.Base.Time != 0)
            authors.Add(_join.Base.Author);
        authors.Remove(_own);
        return [.. authors];
    }

    private bool IsFormer(int block) => _join.Blocks[block].Author != _own || _join.Blocks[block].Insertion.IsFormer;

    private TextName? BaseOf(ImmutableArray<PublicKey> authors) => _join.Base switch
    {
        (0, _) => null,
        (TextWord.AtHand, _) => new TextName(0, 0),
        var (time, author) => new TextName(RefOf(authors, author), time),
    };

    private int RefOf(ImmutableArray<PublicKey> authors, int block) => RefOf(authors, _join.Blocks[block].Author);

    private int RefOf(ImmutableArray<PublicKey> authors, PublicKey author) => author == _own ? 0 : authors.BinarySearch(author) + 1;

    private ulong TimeOf(int block) => _join.Blocks[block] is { Time: TextWord.AtHand } atHand && atHand.Author == _own ? 0 : _join.Blocks[block].Time;

    private ImmutableArray<TextRun> RunsOf(ImmutableArray<PublicKey> authors, int block)
    {
        TextBlock stated = _join.Blocks[block];
        if (IsFormer(block))
            return [new TextRun(stated.Length, TextPlace.Root)]; // whatever its author says of it now
        ImmutableArray<TextRun>.Builder runs = ImmutableArray.CreateBuilder<TextRun>(stated.Insertion.Runs.Length);
        foreach (TextRun run in stated.Insertion.Runs)
        {
            TextPlace place = run.Place;
            if (place.Author >= 0)
            {
                ulong time = stated.Word.TimeOf(place.Time);
                place = place with { Author = RefOf(authors, stated.Word.AuthorOf(place.Author)), Time = time == TextWord.AtHand ? 0 : time };
            }

            runs.Add(run with { Place = place });
        }

        return runs.MoveToImmutable();
    }

    private ImmutableArray<TextRun> NewRuns(ImmutableArray<PublicKey> authors)
    {
        ImmutableArray<TextRun>.Builder runs = ImmutableArray.CreateBuilder<TextRun>(_inserted.Count);
        foreach ((int length, (int Block, int Offset, bool IsLeft)? place) in _inserted)
        {
            runs.Add(new TextRun(length, place is { } at
                ? new TextPlace(RefOf(authors, at.Block), TimeOf(at.Block), at.Offset, at.IsLeft)
                : TextPlace.Root));
        }

        return runs.MoveToImmutable();
    }

    private ImmutableArray<TextRange> RangesOf(ImmutableArray<PublicKey> authors)
    {
        List<int> blocks = [.. _removed.Keys];
        blocks.Sort((left, right) => Compare(authors, left, right));
        ImmutableArray<TextRange>.Builder ranges = ImmutableArray.CreateBuilder<TextRange>();
        foreach (int block in blocks)
        {
            foreach ((int start, int end) in _removed[block])
                ranges.Add(new TextRange(RefOf(authors, block), TimeOf(block), start, end - start));
        }

        return ranges.ToImmutable();
    }

    /// <summary>The order in which a word names insertions: by author, then by time, in which they are numbered.</summary>
    private int Compare(ImmutableArray<PublicKey> authors, int left, int right) =>
        RefOf(authors, left).CompareTo(RefOf(authors, right)) is var byAuthor && byAuthor != 0 ? byAuthor : left.CompareTo(right);
}
