using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Keys;

namespace P2PDB.Simulation.Model;

/// <summary>A text as the tree that is published: each byte by itself, under the byte it hangs at, read from left to right.</summary>
internal sealed class ModelText
{
    private readonly Dictionary<(PublicKey Author, ulong Time), (ModelWord Word, TextInsertion Insertion, byte[] Bytes)> _insertions = [];
    private readonly HashSet<Name> _gone = [];
    private readonly Dictionary<(Name? At, bool IsLeft), List<Name>> _children = [];
    private readonly List<byte> _text = [];

    private ModelText(List<ModelWord> words)
    {
        foreach (ModelWord word in Enumerable.Reverse(words))
            TakeInsertions(word);
        TakeFormerAway();
        foreach (ModelWord word in words)
            TakeRemovals(word);
        foreach ((PublicKey author, ulong time) in _insertions.Keys)
            Hang(author, time);
        foreach (List<Name> children in _children.Values)
            children.Sort();
        Read(null);
    }

    /// <summary>What words on a text show together, in the order of time.</summary>
    public static ModelValue Shown(List<ModelWord> words)
    {
        // Only what builds on the latest new beginning counts.
        (ulong, PublicKey) beginning = words.Max(Base);
        words = words.FindAll(word => Base(word) == beginning);
        ModelWord latest = words[^1];
        byte[] text = [.. new ModelText(words)._text];
        ModelValue value = latest.Value!;
        RowLayout layout = LayoutFactory.Create(value.Form);
        if (text.Length == 0 && RowLayout.IsNull(value.Image, value.Position))
            return new ModelValue(value.Form, layout, CellValue.Null(value.Form).Image, 0, latest.Stamp);
        CellValue shown = CellValue.OfText(value.Form, text.AsSpan(0, Fitting(text, latest.Mark.Edits!.Limit)));
        return new ModelValue(value.Form, layout, shown.Image, 0, latest.Stamp);
    }

    private static int Fitting(byte[] text, TextLimit limit)
    {
        int[] starts = [.. Enumerable.Range(0, text.Length).Where(i => (text[i] & 0xC0) != 0x80), text.Length];
        return limit.CountsCharacters ? (starts.Length - 1 <= limit.Length ? text.Length : starts[(int)limit.Length])
            : starts.LastOrDefault(start => start <= limit.Length);
    }

    private void TakeInsertions(ModelWord word)
    {
        byte[] own = RowLayout.IsNull(word.Value!.Image, word.Value.Position) ? [] : [.. word.Value.Layout.GetBytes(word.Value.Image, word.Value.Position)];
        int next = 0;
        foreach (TextInsertion insertion in word.Mark.Edits!.Insertions)
        {
            byte[] bytes = new byte[TextEdits.LengthOf(insertion)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bool isGone = word.Mark.Edits.Removed.Any(range => range.Author == insertion.Author && range.Time == insertion.Time
                    && range.Start <= i && i < range.Start + range.Length);
                bytes[i] = isGone ? (byte)0 : own[next++];
            }

            (PublicKey author, ulong time) = Write(word, insertion.Author, insertion.Time);
            if (!Knows(word, author, time))
                continue;
            if (!_insertions.TryGetValue((author, time), out (ModelWord Word, TextInsertion, byte[]) known)
                || (author == word.Author.Key && known.Word.Author.Key != author))
            {
                _insertions[(author, time)] = (word, insertion, bytes);
            }
        }
    }

    /// <summary>Of the values from before the column merged as a text the latest counts.</summary>
    private void TakeFormerAway()
    {
        foreach (((PublicKey author, ulong time), (_, _, byte[] bytes)) in _insertions.Where(one => one.Value.Insertion.IsFormer)
            .OrderByDescending(one => (one.Key.Time, one.Key.Author)).Skip(1))
        {
            _gone.UnionWith(Enumerable.Range(0, bytes.Length).Select(i => new Name(time, author, i)));
        }
    }

    private void TakeRemovals(ModelWord word)
    {
        foreach (TextRange range in word.Mark.Edits!.Removed)
        {
            (PublicKey author, ulong time) = Write(word, range.Author, range.Time);
            if (!Knows(word, author, time) || !_insertions.TryGetValue((author, time), out (ModelWord, TextInsertion, byte[] Bytes) insertion))
                continue;
            for (int i = range.Start; i < range.Start + range.Length && i < insertion.Bytes.Length; i++)
                _gone.Add(new Name(time, author, i));
        }
    }

    private void Hang(PublicKey author, ulong time)
    {
        (ModelWord word, TextInsertion insertion, _) = _insertions[(author, time)];
        int next = 0;
        foreach (TextRun run in insertion.Runs)
        {
            Name? at = null;
            bool isLeft = false;
            if (run.Place.Author >= 0)
            {
                (PublicKey other, ulong otherTime) = Write(word, run.Place.Author, run.Place.Time);
                bool isEarlier = (other, otherTime) == (author, time) ? run.Place.Offset < next : otherTime < time;
                if (isEarlier && _insertions.TryGetValue((other, otherTime), out (ModelWord, TextInsertion, byte[] Bytes) found) && run.Place.Offset < found.Bytes.Length)
                    (at, isLeft) = (new Name(otherTime, other, run.Place.Offset), run.Place.IsLeft);
            }

            for (int i = 0; i < run.Length; i++, next++)
            {
                Name name = new(time, author, next);
                if (!_children.TryGetValue((at, isLeft), out List<Name>? children))
                    _children.Add((at, isLeft), children = []);
                children.Add(name);
                (at, isLeft) = (name, false);
            }
        }
    }

    private void Read(Name? at)
    {
        foreach (Name child in _children.GetValueOrDefault((at, true)) ?? [])
            Read(child);
        if (at is { } name && !_gone.Contains(name))
            _text.Add(_insertions[(name.Author, name.Time)].Bytes[name.Offset]);
        foreach (Name child in _children.GetValueOrDefault((at, false)) ?? [])
            Read(child);
    }

    private static (ulong Time, PublicKey Author) Base(ModelWord word)
    {
        if (word.Mark.Edits!.Base is not { } name)
            return default;
        (PublicKey author, ulong time) = Write(word, name.Author, name.Time);
        return Knows(word, author, time) ? (time, author) : default;
    }

    private static (PublicKey Author, ulong Time) Write(ModelWord word, int author, ulong time) =>
        (author == 0 ? word.Author.Key : word.Mark.Edits!.Authors[author - 1], time == 0 ? word.Time : time);

    private static bool Knows(ModelWord word, PublicKey author, ulong time) =>
        time < word.Time || (time == word.Time && author == word.Author.Key);

    /// <summary>The name of a byte.</summary>
    private readonly record struct Name(ulong Time, PublicKey Author, int Offset) : IComparable<Name>
    {
        public int CompareTo(Name other) => (Time, Author, Offset).CompareTo((other.Time, other.Author, other.Offset));
    }
}
