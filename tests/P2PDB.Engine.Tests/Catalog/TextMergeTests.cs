using System.Text;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Catalog;

/// <summary>Texts that several authors edit: what their words make together, and what an edit is found to have done.</summary>
public class TextMergeTests
{
    private static readonly PublicKey[] Authors = [.. Enumerable.Range(1, 3).Select(number => new PublicKey([.. Enumerable.Repeat((byte)number, PublicKey.Length)]))];
    private static readonly TextLimit Unlimited = TextLimit.Of(SqlType.LongText());

    /// <summary>
    /// Replicas that edit what they see, and hear of each other in any order. Each character is another, so that it can be told: nothing is lost, nothing
    /// comes back, and any two stand in the one order in which anybody ever saw them (Attiya et al., the strong list specification).
    /// </summary>
    [Fact]
    public void Nothing_is_lost_and_everybody_sees_one_order()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            Random random = new(seed);
            Replica[] replicas = [new(0), new(1), new(2)];
            HashSet<char> alive = [];
            List<string> seen = [];
            char next = '\u4e00';
            for (ulong time = 1; time <= 60; time++)
            {
                Replica replica = replicas[random.Next(3)];
                if (random.Next(3) == 0)
                {
                    replica.Hear(replicas[random.Next(3)]);
                    continue;
                }

                string former = replica.Text;
                string text = former;
                // What lies between two changes and is no longer than they are becomes part of them: here each has room.
                int room = 0;
                for (int changes = random.Next(1, 4); changes > 0 && room <= text.Length; changes--)
                {
                    int at = random.Next(room, text.Length + 1);
                    int gone = random.Next(2) * Math.Min(random.Next(4), text.Length - at);
                    string added = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => next++));
                    text = text[..at] + added + text[(at + gone)..];
                    room = at + added.Length + 4;
                }

                replica.Write(text, time);
                Assert.Equal(text, replica.Text);
                alive.UnionWith(text.Except(former));
                alive.ExceptWith(former.Except(text));
                seen.Add(text);
            }

            replicas[0].Hear(replicas[1]);
            replicas[0].Hear(replicas[2]);
            replicas[1].Hear(replicas[0]);
            Assert.Equal(replicas[0].Text, replicas[1].Text);
            Assert.Equal(alive.Order(), replicas[0].Text.Order());
            foreach (string text in seen)
                Assert.Equal(text.Where(alive.Contains), replicas[0].Text.Where(text.Contains));
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void What_two_write_letter_by_letter_at_one_place_is_not_mixed(bool isFirstBackwards, bool isSecondBackwards)
    {
        Replica first = new(0);
        first.Write("()", 1);
        Replica second = new(1);
        second.Hear(first);
        for (ulong i = 1; i <= 5; i++)
        {
            first.Write(isFirstBackwards ? first.Text.Replace("(", "(a") : first.Text.Replace(")", "a)"), 2 * i);
            second.Write(isSecondBackwards ? second.Text.Replace("(", "(b") : second.Text.Replace(")", "b)"), (2 * i) + 1);
        }

        first.Hear(second);
        Assert.Equal("(aaaaabbbbb)".Length, first.Text.Length);
        Assert.Contains("aaaaa", first.Text, StringComparison.Ordinal);
        Assert.Contains("bbbbb", first.Text, StringComparison.Ordinal);
    }

    /// <summary>What two put in the place of one text are two texts, whatever letters they have in common; what stays is common.</summary>
    [Theory]
    [InlineData("Status: open", "Status: closed", "Status: rejected", "Status: closedrejected")]
    [InlineData("Status: open", "Status: off", "Status: old", "Status: offold")]
    [InlineData("draft", "final version", "rejected by legal", "final versionrejected by legal")]
    [InlineData("the cat sat", "my dog ran", "a bird flew", "my dog rana bird flew")]
    [InlineData("call 1234 now", "call 9231 now", "call 5278 now", "call 92315278 now")]
    [InlineData("the colour of honour", "the color of honour", "the colour of honor", "the color of honor")]
    [InlineData("the cat sat", "the cut sat", "the cats sat", "the cuts sat")]
    [InlineData("\u6211\u559c\u6b22\u732b", "\u6211\u559c\u6b22\u72d7", "\u4ed6\u559c\u6b22\u732b", "\u4ed6\u559c\u6b22\u72d7")]
    public void What_two_write_in_the_place_of_one_text_is_not_mixed(string former, string one, string other, string expected)
    {
        Replica first = new(0);
        first.Write(former, 1);
        Replica second = new(1);
        second.Hear(first);
        first.Write(one, 2);
        second.Write(other, 3);
        first.Hear(second);

        Assert.Equal(expected, first.Text);
    }

    [Fact]
    public void Of_two_who_begin_a_text_anew_apart_the_later_one_counts()
    {
        Replica first = new(0);
        Replica second = new(1);
        first.Write(string.Concat(Enumerable.Range(0, 500).Select(i => $"word{i} ")), 1);
        second.Hear(first);
        ulong time = 2;
        for (; time < 10; time++)
            second.Write(second.Text.Replace(" ", "b ", StringComparison.Ordinal), time);
        first.Hear(second);
        for (; time < 18; time++)
            first.Write(first.Text.Replace(" ", "a ", StringComparison.Ordinal), time);
        second.Hear(first);
        Replica third = new(2);
        third.Hear(first);
        third.Hear(second);
        string former = first.Text;
        string[] versions = [.. "12".Select(digit => former.Replace(" ", $"{digit}{digit} ", StringComparison.Ordinal).Replace("word", $"{digit}word", StringComparison.Ordinal))];
        first.Write(versions[0], time);
        second.Write(versions[1], time + 1);
        third.Write(former + "the end", time + 2);
        Assert.Equal(new TextName(0, 0), first.Own.Edits.Base);
        Assert.Equal(new TextName(0, 0), second.Own.Edits.Base);
        Assert.Equal(1, second.Own.Edits.PieceCount);

        first.Hear(third);
        first.Hear(second);
        Assert.Equal(versions[1], first.Text);
        first.Write("the " + first.Text, time + 3);
        second.Write(second.Text + "end", time + 4);
        second.Hear(first);
        Assert.Equal($"the {versions[1]}end", second.Text);
        Assert.Equal(1, first.Own.Edits.PieceCount);
        third.Hear(second);
        third.Hear(first);
        Assert.Equal(second.Text, third.Text);
    }

    /// <summary>Who edited it may know another value of it than others, which a plain write had superseded.</summary>
    [Fact]
    public void Of_values_from_before_the_latest_counts_and_what_was_put_into_the_others_stays()
    {
        Replica first = new(0);
        first.Write("hello!", 5, Former(1, "hello"));
        Replica second = new(2);
        second.Write("hello world?", 6, Former(2, "hello world"));
        first.Hear(second);

        Assert.Equal("!hello world?", first.Text);
        first.Write("hello world", 7);
        second.Hear(first);
        Assert.Equal("hello world", second.Text);

        static TextWord Former(ulong time, string text)
        {
            TextInsertion insertion = new(0, 0, [new TextRun(text.Length, TextPlace.Root)], IsFormer: true);
            return new TextWord(Authors[1], time, new TextEdits { Limit = Unlimited, Insertions = [insertion] }, Encoding.UTF8.GetBytes(text));
        }
    }

    [Fact]
    public void Typing_on_costs_one_run_and_what_is_gone_keeps_no_text()
    {
        Replica replica = new(0);
        replica.Write(new string('x', 1000), 1);
        Assert.Equal(1, replica.Own.Edits.PieceCount);
        replica.Write("y", 2);

        Assert.Equal("y", Encoding.UTF8.GetString(replica.Own.Text.Span));
        Assert.Equal(3, replica.Own.Edits.PieceCount);
    }

    [Fact]
    public void A_tree_as_deep_as_it_has_writes_is_read()
    {
        Replica replica = new(0);
        for (ulong time = 1; time <= 2000; time++)
            replica.Write(replica.Text + (char)('a' + (time % 26)), time);

        Assert.Equal(2000, replica.Text.Length);
        Assert.StartsWith("bcdef", replica.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_can_have_written_does_no_harm()
    {
        // Each hangs on the other, at times that are yet to come, or of nobody.
        TextEdits edits = new()
        {
            Limit = Unlimited,
            Authors = [Authors[1]],
            Insertions =
            [
                new TextInsertion(0, 5, [new TextRun(1, new TextPlace(1, 6, 0, true))]), new TextInsertion(0, 0, [new TextRun(1, new TextPlace(0, 0, 0, true))]),
                new TextInsertion(1, 6, [new TextRun(1, new TextPlace(0, 5, 7, false))]), new TextInsertion(1, 99, [new TextRun(1, TextPlace.Root)]),
            ],
            Removed = [new TextRange(1, 99, 0, 9)],
        };
        TextWord liar = new(Authors[0], 10, edits, "abcd"u8.ToArray());

        Assert.Equal("acb", Encoding.UTF8.GetString(new TextJoin([liar]).Text));
        Replica honest = new(1);
        honest.Write("x", 99);
        Assert.Equal("acbx", Encoding.UTF8.GetString(new TextJoin([honest.Own, liar]).Text));
    }

    [Fact]
    public void What_hangs_on_a_word_that_TRUNCATE_took_back_stands_by_itself()
    {
        Replica first = new(0);
        first.Write("one", 1);
        Replica second = new(1);
        second.Hear(first);
        second.Write("one two", 2);

        Assert.Equal(" two", Encoding.UTF8.GetString(new TextJoin([second.Own]).Text));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("abc", "abc", "")]
    [InlineData("", "abc", "0-0+abc")]
    [InlineData("abc", "", "0-3+")]
    [InlineData("the cat sat", "the black cat sat down", "4-0+black ;11-0+ down")]
    [InlineData("abcdef", "axcdyf", "1-1+x;4-1+y")]
    [InlineData("cat", "black cat", "0-0+black ")]
    [InlineData("black cat", "cat", "0-6+")]
    [InlineData("caf\u00e9", "caf\u00e8", "3-2+\u00e8")]
    [InlineData("aaa", "aa", "2-1+")]
    [InlineData("the cat sat", "the cut sat", "5-1+u")]
    [InlineData("Status: open", "Status: closed", "8-4+closed")]
    [InlineData("the cat sat", "my dog ran", "0-11+my dog ran")]
    [InlineData("the big cat", "the big old dog", "8-3+old dog")]
    [InlineData("a_b, c", "a_b, d", "5-1+d")]
    public void An_edit_is_found(string former, string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        IEnumerable<string> found = TextDifference.Find(Encoding.UTF8.GetBytes(former), bytes)
            .Select(change => $"{change.Start}-{change.Length}+{Encoding.UTF8.GetString(bytes, change.NewStart, change.NewLength)}");

        Assert.Equal(expected, string.Join(';', found));
    }

    [Fact]
    public void What_is_found_leads_from_one_text_to_the_other()
    {
        string[] letters = ["a", "b", "\u00e9", "\u00e8", "\ud83d\ude00"];
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] former = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(5)])));
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(5)])));
            Assert.Equal(text, Applied(former, text));
        }
    }

    [Fact]
    public void Past_a_bound_all_between_the_ends_is_one_change()
    {
        byte[] former = [(byte)'<', .. Enumerable.Repeat((byte)'a', 5000), (byte)'>'];
        byte[] text = [(byte)'<', .. Enumerable.Repeat((byte)'b', 5000), (byte)'>'];

        Assert.Equal([new TextChange(1, 5000, 1, 5000)], TextDifference.Find(former, text));
    }

    [Fact]
    public void Past_a_bound_words_are_told_apart_and_past_it_again_lines()
    {
        string[] words = [.. Enumerable.Range(0, 2000).Select(i => $"word{i:0000} ")];
        string[] changed = [.. words.Select((word, i) => i is 200 or 1800 ? new string('x', 300) + i + ' ' : word)];
        Assert.Equal("200,1800", Changed(words, changed));

        string[] lines = [.. Enumerable.Range(0, 20).Select(i => string.Concat(words.Select(word => word[4..] + $"{i:00}")) + '\n')];
        changed = [.. lines.Select((line, i) => i is 3 or 17 ? line.Replace(" ", " new ", StringComparison.Ordinal) : line)];
        Assert.Equal("3,17", Changed(lines, changed));

        static string Changed(string[] former, string[] text)
        {
            byte[] whole = Encoding.UTF8.GetBytes(string.Concat(former));
            Assert.Equal(Encoding.UTF8.GetBytes(string.Concat(text)), Applied(whole, Encoding.UTF8.GetBytes(string.Concat(text))));
            int length = former[0].Length;
            return string.Join(',', TextDifference.Find(whole, Encoding.UTF8.GetBytes(string.Concat(text))).Select(change => change.Start / length));
        }
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("ab", "ba")]
    [InlineData("a \n", "b \n")]
    [InlineData("aaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaab")]
    [InlineData("the cat sat on the mat and ", "the dog sat on the mat or ")]
    public void However_long_and_alike_two_texts_are_the_work_is_bounded(string part, string newPart)
    {
        byte[] former = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length)));
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(newPart, (1 << 20) / newPart.Length)));

        TextDifference.Find(former, text, out long steps);

        Assert.InRange(steps, 0, 3 * (TextDifference.StepMax + (1 << 20)));
        Assert.Equal(text, Applied(former, text));
    }

    [Fact]
    public void A_thousand_edits_cost_what_the_documentation_says()
    {
        Random random = new(1);
        Replica replica = new(0);
        replica.Write(string.Concat(Enumerable.Range(0, 2000).Select(_ => (char)random.Next('a', 'z'))), 1);
        ulong start = 1_800_000_000_000UL << HlcTimestamp.CounterBits;
        for (ulong time = start; time < start + (1000UL << HlcTimestamp.CounterBits); time += 1UL << HlcTimestamp.CounterBits)
        {
            string text = replica.Text;
            int at = random.Next(text.Length - 4);
            replica.Write(random.Next(2) == 0 ? text[..at] + $"{time:x16}"[8..12] + text[at..] : text[..at] + text[(at + 4)..], time);
        }

        using ByteWriter written = new();
        replica.Own.Edits.Write(written);
        Assert.Equal(1920, replica.Text.Length);
        Assert.InRange(written.Length, 13_000, 14_000);
    }

    [Theory]
    [InlineData(3, true, "a\u00e9\ud83d\ude00x", "a\u00e9\ud83d\ude00")]
    [InlineData(2, false, "a\u00e9", "a")]
    [InlineData(3, false, "a\u00e9", "a\u00e9")]
    [InlineData(0, true, "a", "")]
    public void A_limit_cuts_no_character_in_two(int length, bool countsCharacters, string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(expected, Encoding.UTF8.GetString(bytes, 0, new TextLimit((uint)length, countsCharacters).Fit(bytes)));
    }

    private static byte[] Applied(byte[] former, byte[] text)
    {
        List<byte> result = [];
        int next = 0;
        foreach (TextChange change in TextDifference.Find(former, text))
        {
            Assert.True(result.Count == 0 || change.Start > next, "something lies between two changes");
            result.AddRange(former[next..change.Start]);
            result.AddRange(text[change.NewStart..(change.NewStart + change.NewLength)]);
            next = change.Start + change.Length;
        }

        return [.. result, .. former[next..]];
    }

    /// <summary>An author, and the last words of all that it has heard of.</summary>
    private sealed class Replica(int number)
    {
        private readonly Dictionary<PublicKey, TextWord> _words = [];

        public string Text => Encoding.UTF8.GetString(new TextJoin(Words).Text);

        public TextWord Own => _words[Authors[number]];

        private List<TextWord> Words => [.. _words.Values.OrderByDescending(word => word.Time)];

        public void Write(string text, ulong time, TextWord? former = null)
        {
            IReadOnlyList<TextWord> words = former is null ? Words : [former];
            TextWord word = TextEditing.Edit(Authors[number], words, former ?? _words.GetValueOrDefault(Authors[number]), Unlimited, Encoding.UTF8.GetBytes(text));
            Assert.Equal(word.Edits.TextLength, word.Text.Length);
            using ByteWriter written = new();
            word.Edits.Write(written);
            var reader = new ByteReader(written.Written);
            Assert.True(TextEdits.TryRead(ref reader, out TextEdits edits) && reader.IsAtEnd);
            _words[Authors[number]] = word with { Time = time, Edits = edits };
        }

        public void Hear(Replica other)
        {
            foreach ((PublicKey author, TextWord word) in other._words)
            {
                if (!_words.TryGetValue(author, out TextWord? known) || known.Time < word.Time)
                    _words[author] = word;
            }
        }
    }
}
