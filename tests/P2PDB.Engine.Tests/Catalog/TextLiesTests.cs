using System.Collections.Immutable;
using System.Text;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Catalog;

/// <summary>What words on a text can do that nobody honest wrote: nothing to the work of readers, nor to the words of honest writers.</summary>
public sealed class TextLiesTests
{
    private static readonly PublicKey[] Authors = [.. Enumerable.Range(1, 5).Select(number => new PublicKey([.. Enumerable.Repeat((byte)number, PublicKey.Length)]))];
    private static readonly PublicKey Own = Authors[2];
    private static readonly string[] Letters = ["", "a", "\u00e9b", "\U0001f600"];
    private static readonly TextLimit Unlimited = TextLimit.Of(SqlType.LongText());

    /// <summary>Eight times as many pieces: with their logarithm some eleven times the work, with their square 64 times.</summary>
    [Theory]
    [InlineData("one byte holds all")]
    [InlineData("one byte holds all of many writes")]
    [InlineData("each hangs left of the last")]
    [InlineData("each hangs right of the last")]
    [InlineData("holes")]
    [InlineData("a hole in each write")]
    [InlineData("all take away of one")]
    public void The_work_grows_with_the_pieces(string shape)
    {
        long few = new TextJoin(Words(shape, 512)).Steps;
        long many = new TextJoin(Words(shape, 4096)).Steps;

        Assert.InRange(many, 1, 14 * few);
        Assert.InRange(many, 1, 4 * 4096 * 120);
    }

    [Fact]
    public void Over_whatever_words_say_an_honest_write_is_what_shows_and_its_word_can_be_read()
    {
        int honest = 0;
        for (int seed = 1; seed <= 400; seed++)
        {
            Random random = new(seed);
            Dictionary<PublicKey, TextWord> words = [];
            for (ulong time = 10; time < 40; time++)
            {
                TextWord[] latestFirst = [.. words.Values.OrderByDescending(word => word.Time)];
                if (random.Next(3) > 0)
                {
                    if (TryLie(random, Authors[random.Next(2)], time) is { } lie)
                        words[lie.Author] = lie;
                    continue;
                }

                byte[] text = Edited(random, new TextJoin(latestFirst).Text);
                TextWord word = TextEditing.Edit(Own, latestFirst, words.GetValueOrDefault(Own), Unlimited, text);
                Assert.False(word.Edits.IsTooMuch);
                words[Own] = word with { Time = time, Edits = ReadAgain(word.Edits) };
                Assert.Equal(word.Edits.TextLength, word.Text.Length);
                Assert.Equal(text, new TextJoin([words[Own], .. latestFirst.Where(other => other.Author != Own)]).Text);
                honest++;
            }
        }

        Assert.True(honest > 2000);
    }

    /// <summary>Whoever wrote the value may say later that it was made otherwise, of parts that hang on what nobody wrote.</summary>
    [Fact]
    public void A_value_from_before_is_stated_as_one_run_whatever_its_writer_says_of_it()
    {
        TextInsertion before = new(0, 0, [new TextRun(3, TextPlace.Root)], IsFormer: true);
        TextWord former = new(Authors[0], 5, new TextEdits { Limit = Unlimited, Insertions = [before] }, "old"u8.ToArray());
        TextWord own = TextEditing.Edit(Own, [former], former, Unlimited, "old wine"u8) with { Time = 10 };
        TextEdits lies = new()
        {
            Limit = Unlimited,
            Authors = [Authors[1]],
            Insertions = [Insertion(0, 5, new TextRun(1, TextPlace.Root), new TextRun(2, new TextPlace(1, ulong.MaxValue, 0, true)), new TextRun(1, new TextPlace(0, 5, 0, true)))],
        };
        TextWord liar = new(Authors[0], 11, ReadAgain(lies), "abcd"u8.ToArray());

        TextWord again = TextEditing.Edit(Own, [liar, own], own, Unlimited, "new wine"u8) with { Time = 12 };

        ReadAgain(again.Edits);
        Assert.Equal("new wine"u8, new TextJoin([again, liar]).Text);
    }

    [Fact]
    public void A_word_names_no_more_than_it_may()
    {
        Assert.True(IsRead([3, 0, 0, 1, 0, 0, .. Varint(4096), .. Repeat(4096, 1, 0), 0]));
        Assert.False(IsRead([3, 0, 0, 1, 0, 0, .. Varint(4097), .. Repeat(4097, 1, 0), 0]));
        Assert.True(IsRead([3, 0, 0, 1, 0, 0, .. Varint(2048), .. Repeat(2048, 1, 0), .. Varint(2048), .. Ranges(2048)]));
        Assert.False(IsRead([3, 0, 0, 1, 0, 0, .. Varint(2049), .. Repeat(2049, 1, 0), .. Varint(2048), .. Ranges(2048)]));
        Assert.False(IsRead([3, 0, 0, 0, .. Varint(4097), .. Ranges(4097)]));
        Assert.True(IsRead([3, .. Varint(4096), .. Keys(4096), 0, 0, 0]));
        Assert.False(IsRead([3, .. Varint(4097), .. Keys(4097), 0, 0, 0]));
    }

    [Fact]
    public void A_writes_bytes_are_no_more_than_offsets_can_say()
    {
        Assert.True(IsRead([3, 0, 0, 1, 0, 0, 1, .. Varint(TextEdits.LengthMax), 0, 1, 0, 0, 0, .. Varint(TextEdits.LengthMax)]));
        Assert.False(IsRead([3, 0, 0, 1, 0, 0, 1, .. Varint(TextEdits.LengthMax + 1), 0, 0]));
        Assert.False(IsRead([3, 0, 0, 1, 0, 0, 2, .. Varint(TextEdits.LengthMax), 0, 1, 0, 0]));
        Assert.False(IsRead([3, 0, 0, 0, 1, 0, 9, 1, .. Varint(TextEdits.LengthMax)]));
    }

    [Theory]
    [InlineData("01" + "0309" + "01" + "0100" + "00", true)]
    [InlineData("01" + "0109" + "01" + "0100" + "00", true)]
    [InlineData("01" + "0209" + "01" + "0100" + "00", false)]
    [InlineData("01" + "0100" + "01" + "0100" + "00", false)]
    [InlineData("01" + "0309" + "02" + "0100" + "0100" + "00", false)]
    [InlineData("01" + "0309" + "01" + "01" + "010500" + "00", false)]
    public void What_others_inserted_is_a_value_from_before_in_one_run_at_the_root(string bytes, bool isRead) =>
        Assert.Equal(isRead, IsRead([3, 1, .. Keys(1), 0, .. Convert.FromHexString(bytes)]));

    [Fact]
    public void Lies_that_cut_characters_in_two_are_mended_by_the_next_write()
    {
        TextWord own = TextEditing.Edit(Own, [], null, Unlimited, "\u00e9\U0001f600"u8) with { Time = 1 };
        TextEdits lies = new()
        {
            Limit = new TextLimit(3, false),
            Authors = [Own],
            Insertions = [Insertion(0, 0, new TextRun(1, new TextPlace(1, 1, 1, true)))],
            Removed = [new TextRange(1, 1, 3, 1)],
        };
        TextWord liar = new(Authors[0], 2, ReadAgain(lies), new byte[] { 0x80 });
        byte[] text = new TextJoin([liar, own]).Text;
        Assert.Equal(6, text.Length);
        Assert.InRange(liar.Edits.Limit.Fit(text), 0, 3);

        TextWord again = TextEditing.Edit(Own, [liar, own], own, Unlimited, "\u00e9\u00e8"u8) with { Time = 3 };

        Assert.Equal("\u00e9\u00e8"u8, new TextJoin([again, liar]).Text);
    }

    /// <summary>A generation beyond which there is none leaves everybody in one lane: whoever begins a text anew does so by a base.</summary>
    [Fact]
    public void What_begins_anew_where_there_is_no_next_lane_is_what_shows()
    {
        TextWord liar = TextEditing.Begin(Authors[0], Unlimited, "lies"u8, isBase: false) with { Time = 5 };
        TextWord victim = TextEditing.Edit(Authors[1], [liar], null, Unlimited, "more lies"u8) with { Time = 6 };

        TextWord own = TextEditing.Begin(Own, Unlimited, "new"u8, isBase: true) with { Time = 7 };
        Assert.Equal("new"u8, new TextJoin([own, victim, liar]).Text);
        TextWord again = TextEditing.Edit(Authors[1], [own, victim, liar], victim, Unlimited, "new text"u8) with { Time = 8 };

        Assert.Equal("new text"u8, new TextJoin([again, own, liar]).Text);
        Assert.Equal(1, again.Edits.PieceCount);
        liar = TextEditing.Edit(Authors[0], [liar], liar, Unlimited, "lies again"u8) with { Time = 9 };
        Assert.Equal("new text"u8, new TextJoin([liar, again, own]).Text);
    }

    /// <summary>Else a word that takes many single bytes away would make whoever wrote them begin the text anew.</summary>
    [Fact]
    public void What_others_take_away_uses_up_half_of_a_word_at_most()
    {
        TextWord own = TextEditing.Edit(Own, [], null, Unlimited, new byte[10_000]) with { Time = 1 };
        TextEdits holes = new()
        {
            Limit = Unlimited,
            Authors = [Own],
            Removed = [.. Enumerable.Range(0, 4_096).Select(i => new TextRange(1, 1, 2 * i, 1))],
        };
        TextWord liar = new(Authors[0], 2, ReadAgain(holes), default);
        byte[] text = [.. new TextJoin([liar, own]).Text, (byte)'x'];

        own = TextEditing.Edit(Own, [liar, own], own, Unlimited, text) with { Time = 3 };

        Assert.Null(own.Edits.Base);
        Assert.InRange(own.Edits.PieceCount, 1, TextEdits.PieceCountMax / 2);
        Assert.Equal(text, new TextJoin([own, liar]).Text);
    }

    /// <summary>Several words may have more than an array, or the record of a row.</summary>
    [Fact]
    public void More_than_the_longest_text_is_counted_not_shown_and_goes_with_the_next_write()
    {
        TextWord first = TextEditing.Begin(Authors[0], Unlimited, "abcde"u8, isBase: false) with { Time = 1 };
        TextWord second = TextEditing.Begin(Authors[1], Unlimited, "fghij"u8, isBase: false) with { Time = 2 };

        TextJoin join = new([second, first], lengthMax: 7);

        Assert.Equal("abcdefg"u8, join.Text);
        Assert.Equal(10, join.Length);
        TextWord own = TextEditing.Edit(Own, join, null, Unlimited, "abg"u8) with { Time = 3 };
        Assert.Equal("abg"u8, new TextJoin([own, second, first]).Text);
    }

    private static TextWord[] Words(string shape, int count) => [.. Enumerable.Range(0, 4).Select(author => Word(shape, count, author))];

    private static TextWord Word(string shape, int count, int author)
    {
        ImmutableArray<TextInsertion> insertions = shape switch
        {
            "one byte holds all" => [Insertion(0, 0, [.. Enumerable.Range(0, count).Select(i => new TextRun(1, i == 0 ? TextPlace.Root : new TextPlace(0, 0, 0, i % 2 == 0)))])],
            "one byte holds all of many writes" =>
                [.. Enumerable.Range(1, count).Select(i => Insertion(0, (ulong)i, new TextRun(1, i == 1 ? TextPlace.Root : new TextPlace(0, 1, 0, i % 2 == 0))))],
            "each hangs left of the last" or "each hangs right of the last" =>
                [Insertion(0, 0, [.. Enumerable.Range(0, count).Select(i => new TextRun(1, i == 0 ? TextPlace.Root : new TextPlace(0, 0, i - 1, shape.Contains("left"))))])],
            "a hole in each write" => [.. Enumerable.Range(1, count / 2).Select(i => Insertion(0, (ulong)i, new TextRun(3, TextPlace.Root)))],
            _ => [Insertion(0, 1, new TextRun(2 * count, TextPlace.Root))],
        };
        ImmutableArray<TextRange> removed = shape switch
        {
            "holes" => [.. Enumerable.Range(0, count - 1).Select(i => new TextRange(0, 1, 2 * i, 1))],
            "a hole in each write" => [.. Enumerable.Range(1, count / 2).Select(i => new TextRange(0, (ulong)i, 1, 1))],
            "all take away of one" => [.. Enumerable.Range(0, count - 1).Select(i => new TextRange(1, 1, 2 * i, 1))],
            _ => [],
        };
        TextEdits edits = ReadAgain(new TextEdits { Limit = Unlimited, Authors = [Authors[4]], Insertions = insertions, Removed = removed });
        return new TextWord(Authors[author], 1_000_000 - (ulong)author, edits, new byte[edits.TextLength]);
    }

    /// <summary>A word of random parts some bytes of which were changed; null where it cannot be read, or has too long a text.</summary>
    private static TextWord? TryLie(Random random, PublicKey author, ulong time)
    {
        PublicKey[] others = [.. Authors.Where(_ => random.Next(2) == 0)];
        SortedDictionary<(int, ulong), TextInsertion> insertions = [];
        for (int count = random.Next(4); count > 0; count--)
        {
            (int by, ulong at) = Name(1 + (random.Next(3) == 0 ? others.Length : 0));
            TextRun[] runs = by > 0 ? [new TextRun(random.Next(1, 9), TextPlace.Root)] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new TextRun(random.Next(1, 5), Place()))];
            insertions[(by, unchecked(at - 1))] = new TextInsertion(by, at, [.. runs], IsFormer: by > 0);
        }

        SortedDictionary<(int, ulong), TextRange> removed = [];
        for (int count = random.Next(5); count > 0; count--)
        {
            (int by, ulong at) = Name(1 + others.Length);
            removed[(by, unchecked(at - 1))] = new TextRange(by, at, random.Next(5), random.Next(1, 9));
        }

        TextName? beginning = random.Next(4) == 0 && Name(1 + others.Length) is var (beginner, began) ? new TextName(beginner, began) : null;
        TextEdits edits = new() { Limit = Unlimited, Authors = [.. others], Base = beginning, Insertions = [.. insertions.Values], Removed = [.. removed.Values] };
        using ByteWriter written = new();
        edits.Write(written);
        byte[] bytes = written.Written.ToArray();
        for (int count = random.Next(4); count > 0; count--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        var reader = new ByteReader(bytes);
        if (!TextEdits.TryRead(ref reader, out edits) || edits.TextLength > 500)
            return null;
        byte[] text = new byte[edits.TextLength];
        random.NextBytes(text);
        return new TextWord(author, time, edits, text);

        (int, ulong) Name(int authors)
        {
            int by = random.Next(authors);
            return (by, random.Next(6) == 0 ? (by == 0 ? 0 : ulong.MaxValue) : (ulong)random.Next(10, (int)time + 2));
        }

        TextPlace Place()
        {
            (int by, ulong at) = Name(1 + others.Length);
            return random.Next(4) == 0 ? TextPlace.Root : new TextPlace(by, at, random.Next(6), random.Next(2) == 0);
        }
    }

    private static byte[] Edited(Random random, byte[] text)
    {
        for (int count = random.Next(3); count >= 0; count--)
        {
            int at = random.Next(text.Length + 1);
            int gone = random.Next(2) * random.Next(text.Length - at + 1);
            text = [.. text[..at], .. Encoding.UTF8.GetBytes(Letters[random.Next(Letters.Length)]), .. text[(at + gone)..]];
        }

        return text;
    }

    private static TextInsertion Insertion(int author, ulong time, params TextRun[] runs) => new(author, time, [.. runs]);

    private static TextEdits ReadAgain(TextEdits edits)
    {
        using ByteWriter written = new();
        edits.Write(written);
        var reader = new ByteReader(written.Written);
        Assert.True(TextEdits.TryRead(ref reader, out TextEdits read) && reader.IsAtEnd);
        return read;
    }

    private static bool IsRead(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        return TextEdits.TryRead(ref reader, out _) && reader.IsAtEnd;
    }

    private static byte[] Varint(long value)
    {
        using ByteWriter written = new();
        written.WriteVarint((ulong)value);
        return written.Written.ToArray();
    }

    private static IEnumerable<byte> Repeat(int count, params byte[] bytes) => Enumerable.Repeat(bytes, count).SelectMany(part => part);

    private static IEnumerable<byte> Ranges(int count) => Enumerable.Range(0, count).SelectMany(i => (byte[])[0, 9, .. Varint(2 * i), 1]);

    private static IEnumerable<byte> Keys(int count) =>
        Enumerable.Range(1, count).SelectMany(i => (byte[])[(byte)(i >> 8), (byte)i, .. new byte[PublicKey.Length - 2]]);
}
