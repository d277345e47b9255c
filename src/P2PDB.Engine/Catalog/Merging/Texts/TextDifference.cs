// WHAT AN EDIT DID
//
// The shortest list of insertions and removals between two texts, of Myers ("An O(ND) Difference Algorithm and Its Variations", 1986), after what is
// alike at both ends. Letters that two texts have in common by chance are no part of the text that stayed: if they were, what two put in the place of one
// text would be shuffled letter by letter. So differences are told in words, and what became of a word in characters only where most of it stayed.
// What stays between two changes and is no longer than either is part of one change.
//
// The work grows with the number of differences times the text. Past a bound it is told in lines, of which words are told apart again where that is
// within the bound, and past that all between the ends is one change.
// Changes that can be moved to where the one before ends become one with it: what an author put in together stays together.

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>Finds where two texts differ; see the prose above.</summary>
internal static class TextDifference
{
    /// <summary>Differences past which a coarser unit is taken: the memory grows with their square, to 4 MB.</summary>
    private const int DifferenceMax = 1024;

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
        TextChange whole = new(0, former.Length, 0, text.Length);
        List<TextChange> changes = [];
        bool isInWords = TryFind(former, text, whole, TextUnit.Word, changes, ref steps, StepMax);
        if (!isInWords)
        {
            changes.Clear();
            TryFind(former, text, whole, TextUnit.Line, changes, ref steps, steps + StepMax);
        }

        long stepMax = steps + StepMax;
        if (!isInWords)
            changes = Refine(former, text, changes, TextUnit.Word, ref steps, stepMax);
        changes = Refine(former, text, changes, TextUnit.Character, ref steps, stepMax);
        if (changes.Count > 1)
            Gather(former, text, changes);
        Absorb(changes);
        return changes;
    }

    /// <summary>Tells replaced parts in a finer unit; in characters only those of which most stayed.</summary>
    private static List<TextChange> Refine(
        ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, List<TextChange> changes, TextUnit unit, ref long steps, long stepMax)
    {
        List<TextChange> refined = [];
        List<TextChange> found = [];
        foreach (TextChange change in changes)
        {
            found.Clear();
            if (change.Length > 0 && change.NewLength > 0)
                TryFind(former, text, change, unit, found, ref steps, stepMax);
            if (found.Count > 0 && (unit != TextUnit.Character || IsMostlyKept(former, text, change, found)))
                refined.AddRange(found);
            else
                refined.Add(change);
        }

        return refined;
    }

    /// <summary>True where less changed than stayed, or something was only put in at one place or only taken away.</summary>
    private static bool IsMostlyKept(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, in TextChange whole, List<TextChange> changes)
    {
        if (changes.Count == 1 && (changes[0].Length == 0 || changes[0].NewLength == 0))
            return true;
        int kept = CharactersOf(former.Slice(whole.Start, whole.Length));
        int changed = 0;
        foreach (TextChange change in changes)
        {
            int gone = CharactersOf(former.Slice(change.Start, change.Length));
            kept -= gone;
            changed += Math.Max(gone, CharactersOf(text.Slice(change.NewStart, change.NewLength)));
        }

        return kept > changed;
    }

    private static int CharactersOf(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte value in text)
            count += TextLimit.IsStart(value) ? 1 : 0;
        return count;
    }

    /// <summary>Makes one of two changes where no more stays between them than each of them changes.</summary>
    private static void Absorb(List<TextChange> changes)
    {
        int count = 0;
        for (int i = 0; i < changes.Count; i++)
        {
            changes[count++] = changes[i];
            for (; count > 1; count--)
            {
                TextChange first = changes[count - 2];
                TextChange second = changes[count - 1];
                int between = second.Start - first.Start - first.Length;
                if (between > Math.Max(first.Length, first.NewLength) || between > Math.Max(second.Length, second.NewLength))
                    break;
                changes[count - 2] = first with
                {
                    Length = second.Start + second.Length - first.Start,
                    NewLength = second.NewStart + second.NewLength - first.NewStart,
                };
            }
        }

        changes.RemoveRange(count, changes.Count - count);
    }

    private static int StartAlike(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, TextUnit unit)
    {
        int length = former.CommonPrefixLength(text);
        while (length > 0 && (!IsBoundary(former, length, unit) || !IsBoundary(text, length, unit)))
            length--;
        return length;
    }

    private static int EndAlike(ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, TextUnit unit)
    {
        int length = 0;
        int most = Math.Min(former.Length, text.Length);
        while (length < most && former[^(length + 1)] == text[^(length + 1)])
            length++;
        while (length > 0 && (!IsBoundary(former, former.Length - length, unit) || !IsBoundary(text, text.Length - length, unit)))
            length--;
        return length;
    }

    private static bool IsBoundary(ReadOnlySpan<byte> text, int place, TextUnit unit) =>
        place == 0 || place == text.Length || IsStart(text, place, unit);

    /// <summary>
    /// Finds the differences within a part of two texts; false past a bound: then they are one, of all between the ends that are alike.
    /// </summary>
    private static bool TryFind(
        ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, in TextChange within, TextUnit unit, List<TextChange> changes, ref long steps, long stepMax)
    {
        ReadOnlySpan<byte> left = former.Slice(within.Start, within.Length);
        ReadOnlySpan<byte> right = text.Slice(within.NewStart, within.NewLength);
        int alike = StartAlike(left, right, unit);
        left = left[alike..];
        right = right[alike..];
        int endAlike = EndAlike(left, right, unit);
        TextChange rest = new(within.Start + alike, left.Length - endAlike, within.NewStart + alike, right.Length - endAlike);
        if (rest.Length == 0 && rest.NewLength == 0)
            return true;
        if (rest.Length > 0 && rest.NewLength > 0 && TryFindRest(left[..rest.Length], right[..rest.NewLength], rest, unit, changes, ref steps, stepMax))
            return true;
        changes.Add(rest);
        return rest.Length == 0 || rest.NewLength == 0;
    }

    /// <summary>Myers' greedy algorithm forwards, and back along what it noted; false past a bound.</summary>
    private static bool TryFindRest(
        ReadOnlySpan<byte> former, ReadOnlySpan<byte> text, in TextChange rest, TextUnit unit, List<TextChange> changes, ref long steps, long stepMax)
    {
        List<int> left = UnitsOf(former, unit);
        List<int> right = UnitsOf(text, unit);
        int leftCount = left.Count - 1;
        int rightCount = right.Count - 1;
        // Of each number of differences, how far on each diagonal the former text was read.
        List<int[]> trace = [];
        int[] reach = [0, 0, 0];
        for (int count = 0; count <= DifferenceMax; count++)
        {
            int[] next = new int[(2 * count) + 3];
            for (int diagonal = -count; diagonal <= count; diagonal += 2)
            {
                if (steps >= stepMax)
                    return false;
                int place = count == 0 ? 0 : Step(reach, count, diagonal);
                int other = place - diagonal;
                while (place < leftCount && other < rightCount && AreAlike(former, left, place, text, right, other, ref steps))
                    (place, other) = (place + 1, other + 1);
                next[diagonal + count + 1] = place;
                if (place < leftCount || other < rightCount)
                    continue;
                trace.Add(next);
                GoBack(trace, left, right, rest, changes);
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

    private static void GoBack(List<int[]> trace, List<int> left, List<int> right, in TextChange rest, List<TextChange> changes)
    {
        int diagonal = left.Count - right.Count;
        for (int count = trace.Count - 1; count > 0; count--)
        {
            bool isInsertion = IsInsertion(trace[count - 1], count, diagonal);
            diagonal += isInsertion ? 1 : -1;
            int place = At(trace[count - 1], count - 1, diagonal);
            int other = place - diagonal;
            TextChange change = isInsertion
                ? new TextChange(rest.Start + left[place], 0, rest.NewStart + right[other], right[other + 1] - right[other])
                : new TextChange(rest.Start + left[place], left[place + 1] - left[place], rest.NewStart + right[other], 0);
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

    private static bool IsStart(ReadOnlySpan<byte> text, int place, TextUnit unit) => TextLimit.IsStart(text[place]) && unit switch
    {
        TextUnit.Character => true,
        TextUnit.Word => !IsOfWord(text[place]) || !IsBehindLetter(text, place),
        _ => text[place - 1] == (byte)'\n',
    };

    private static bool IsBehindLetter(ReadOnlySpan<byte> text, int place) =>
        IsOfWord(text[place - 1]) || (place > 1 && !TextLimit.IsStart(text[place - 1]) && text[place - 2] is >= 0xC0 and < 0xE0);

    /// <summary>
    /// True for letters and digits of ASCII and characters of two bytes, of which most are letters too. Those of three or four stand by themselves: they
    /// are written without blanks, most of them.
    /// </summary>
    private static bool IsOfWord(byte first) => char.IsAsciiLetterOrDigit((char)first) || first is (byte)'_' or (>= 0xC0 and < 0xE0);
}
