// WHAT AN EDIT DID
//
// The shortest list of insertions and removals between two texts, of Myers ("An O(ND) Difference Algorithm and Its Variations", 1986), over
// characters, after what is alike at both ends. Its work grows with the number of differences times the text. Past a bound it is told in words, past it
// again in lines, and past it once more all between the ends is one change.
// Changes that can be moved to where the one before ends become one with it: what an author put in together stays together.

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>Finds where two texts differ; see the prose above.</summary>
internal static class TextDifference
{
    /// <summary>Differences past which a coarser unit is taken: the memory grows with their square.</summary>
    private const int DifferenceMax = 512;

    /// <summary>
    /// Comparisons past which a coarser unit is taken, of 32 bytes each at most: some 50 ms. Texts that repeat themselves take more than their differences say.
    /// </summary>
    public const long StepMax = 1 << 24;

    /// <summary>The changes from one text to another, in order, with something left alone between each two.</summary>
    public static List<TextChange> Find(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text) => Find(former, text, out _);

    /// <summary>The same, with the comparisons that were made.</summary>
    public static List<TextChange> Find(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, out long steps)
    {
        steps = 0;
        int start = StartAlike(former, text);
        int end = EndAlike(former[start..], text[start..]);
        ReadOnlySpan<byte> middle = former[start..^end];
        ReadOnlySpan<byte> newMiddle = text[start..^end];
        List<TextChange> changes = [];
        if (middle.IsEmpty && newMiddle.IsEmpty)
            return changes;
        for (TextUnit unit = TextUnit.Character; unit <= TextUnit.Line && !middle.IsEmpty && !newMiddle.IsEmpty; unit++)
        {
            if (!TryFind(middle, newMiddle, start, unit, changes, ref steps))
                continue;
            Gather(former, text, changes);
            return changes;
        }

        return [new TextChange(start, middle.Length, start, newMiddle.Length)];
    }

    private static int StartAlike(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text)
    {
        int length = former.CommonPrefixLength(text);
        while (length > 0 && (!IsBoundary(former, length) || !IsBoundary(text, length)))
            length--;
        return length;
    }

    private static int EndAlike(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text)
    {
        int length = 0;
        int most = Math.Min(former.Length, text.Length);
        while (length < most && former[^(length + 1)] == text[^(length + 1)])
            length++;
        while (length > 0 && (!IsBoundary(former, former.Length - length) || !IsBoundary(text, text.Length - length)))
            length--;
        return length;
    }

    private static bool IsBoundary(ReadOnlySpan<byte> text, int place) => place == text.Length || TextLimit.IsStart(text[place]);

    /// <summary>Myers' greedy algorithm forwards, and back along what it noted; false past a bound.</summary>
    private static bool TryFind(
        ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, int start, TextUnit unit, List<TextChange> changes, ref long steps)
    {
        List<int> left = UnitsOf(former, unit);
        List<int> right = UnitsOf(text, unit);
        long stepMax = steps + StepMax;
        int leftCount = left.Count - 1;
        int rightCount = right.Count - 1;
        // Of each number of differences, how far on each diagonal the former text was read.
        List<int[]> trace = [];
        int[] reach = [0, 0, 0];
        for (int count = 0; count <= DifferenceMax && steps < stepMax; count++)
        {
            int[] next = new int[(2 * count) + 3];
            for (int diagonal = -count; diagonal <= count; diagonal += 2)
            {
                int place = count == 0 ? 0 : Step(reach, count, diagonal);
                int other = place - diagonal;
                while (place < leftCount && other < rightCount && AreAlike(former, left, place, text, right, other, ref steps))
                    (place, other) = (place + 1, other + 1);
                next[diagonal + count + 1] = place;
                if (place < leftCount || other < rightCount)
                    continue;
                trace.Add(next);
                GoBack(trace, left, right, start, changes);
                return true;
            }

            trace.Add(next);
            reach = next;
        }

        return false;
    }

    /// <summary>Where a diagonal is entered with one difference more: from the one above by a removal, from the one below by an insertion.</summary>
    private static int Step(int[] reach, int count, int diagonal) =>
        IsInsertion(reach, count, diagonal) ? At(reach, count - 1, diagonal + 1) : At(reach, count - 1, diagonal - 1) + 1;

    private static bool IsInsertion(int[] reach, int count, int diagonal) =>
        diagonal == -count || (diagonal != count && At(reach, count - 1, diagonal - 1) < At(reach, count - 1, diagonal + 1));

    private static int At(int[] reach, int count, int diagonal) => reach[diagonal + count + 1];

    private static void GoBack(List<int[]> trace, List<int> left, List<int> right, int start, List<TextChange> changes)
    {
        int diagonal = left.Count - right.Count;
        for (int count = trace.Count - 1; count > 0; count--)
        {
            bool isInsertion = IsInsertion(trace[count - 1], count, diagonal);
            diagonal += isInsertion ? 1 : -1;
            int place = At(trace[count - 1], count - 1, diagonal);
            int other = place - diagonal;
            TextChange change = isInsertion
                ? new TextChange(start + left[place], 0, start + right[other], right[other + 1] - right[other])
                : new TextChange(start + left[place], left[place + 1] - left[place], start + right[other], 0);
            Prepend(changes, change);
        }

        changes.Reverse();
    }

    /// <summary>Adds a change that comes before the last one, to which it belongs where nothing lies between them.</summary>
    private static void Prepend(List<TextChange> changes, in TextChange change)
    {
        if (changes.Count > 0 && changes[^1] is var next
            && change.Start + change.Length == next.Start && change.NewStart + change.NewLength == next.NewStart)
        {
            changes[^1] = new TextChange(change.Start, change.Length + next.Length, change.NewStart, change.NewLength + next.NewLength);
        }
        else
        {
            changes.Add(change);
        }
    }

    private static bool AreAlike(
        ReadOnlySpan<byte> former, List<int> left, int place, ReadOnlySpan<byte> text, List<int> right, int other, ref long steps)
    {
        int length = left[place + 1] - left[place];
        steps += 1 + (length / 32);
        return length == right[other + 1] - right[other] && former.Slice(left[place], length).SequenceEqual(text.Slice(right[other], length));
    }

    /// <summary>
    /// Makes one of two changes where the second may as well begin where the first ends: "black " is put before "cat", not "bla" before its c and "k c"
    /// behind.
    /// </summary>
    private static void Gather(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, List<TextChange> changes)
    {
        int last = 0;
        for (int i = 1; i < changes.Count; i++)
        {
            TextChange first = changes[last];
            TextChange second = changes[i];
            int between = second.Start - first.Start - first.Length;
            ReadOnlySpan<byte> whole = second.Length == 0
                ? text.Slice(second.NewStart - between, between + second.NewLength)
                : former.Slice(second.Start - between, between + second.Length);
            bool isOfOneKind = second.Length == 0 || second.NewLength == 0;
            if (isOfOneKind && whole[^between..].SequenceEqual(whole[..between]))
                changes[last] = first with { Length = first.Length + second.Length, NewLength = first.NewLength + second.NewLength };
            else
                changes[++last] = second;
        }

        changes.RemoveRange(last + 1, changes.Count - last - 1);
    }

    /// <summary>Where characters, words or lines begin, and the end.</summary>
    private static List<int> UnitsOf(ReadOnlySpan<byte> text, TextUnit unit)
    {
        List<int> starts = new(unit == TextUnit.Character ? text.Length + 1 : 0);
        for (int i = 0; i < text.Length; i++)
        {
            if (i == 0 || IsStart(text, i, unit))
                starts.Add(i);
        }

        starts.Add(text.Length);
        return starts;
    }

    private static bool IsStart(ReadOnlySpan<byte> text, int place, TextUnit unit) => unit switch
    {
        TextUnit.Character => TextLimit.IsStart(text[place]),
        TextUnit.Word => text[place - 1] is (byte)' ' or (byte)'\t' or (byte)'\n',
        _ => text[place - 1] == (byte)'\n',
    };
}
