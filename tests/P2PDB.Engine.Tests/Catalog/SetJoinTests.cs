using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Catalog;

/// <summary>What words on a set say together, of peers who may say anything.</summary>
public sealed class SetJoinTests
{
    private static readonly StoredColumn Tags = new(new ColumnId(1), StorageCode.Json, 0);

    [Fact]
    public void A_dot_stands_where_nobody_who_has_seen_it_is_without_it()
    {
        var random = new Random(1);
        for (int round = 0; round < 2_000; round++)
        {
            List<SetWord> words = [];
            for (int i = 0; i < 4; i++)
                words.Add(RandomWord(random));

            SetJoin join = new(words);

            List<string> expected = Standing(words);
            List<string> joined = [.. join.Members.SelectMany(member => join.DotsOf(member).Select(dot => $"{member} {dot}")).Order()];
            Assert.Equal(expected, joined);
            Assert.Equal(words.SelectMany(word => word.Seen).GroupBy(seen => seen.Author).Select(of => (of.Key, of.Max(seen => seen.Time))).Order(), join.Seen.Order());
        }
    }

    /// <summary>As many authors as the format can name, whose keys are alike but for 4 bytes, each with an adding: work that grew with their square would not end.</summary>
    [Fact]
    public void The_longest_words_are_joined()
    {
        const int Count = 1 << 16;
        ImmutableArray<SeenTotal> seen = [.. Enumerable.Range(1, Count).Select(number => Saw(number, 9))];
        ImmutableArray<MemberDot> dots = [.. Enumerable.Range(0, Count + 1).Select(place => new MemberDot(place, 9))];
        SetWord word = Word(Key(-1), 10, "[1]", seen, [dots]);
        SetWord same = Word(Key(-2), 11, "[1]", seen, [dots]);

        SetJoin join = new([word, same]);

        Assert.Equal(Count + 2, join.DotsOf("1").Count);
        Assert.Equal(Count + 2, join.Seen.Count());
    }

    [Fact]
    public void A_word_of_the_beginning_of_time_speaks_of_nobody_else_and_does_not_spoil_honest_words()
    {
        SetWord liar = Word(Key(-1), 1, "[1, 2]", [Saw(1, 9)], [[new MemberDot(1, 9)], [default]]);

        SetKnowledge known = new(Key(-2));
        known.Load([liar]);

        Assert.Equal(["2"], new SetJoin([liar]).Members);
        Assert.Equal([Key(-1)], known.Seen.Select(seen => seen.Author));
    }

    [Fact]
    public void An_honest_word_repeats_no_more_authors_than_it_should()
    {
        Assert.False(Knows(SetKnowledge.AuthorsMax - 1));
        Assert.True(Knows(SetKnowledge.AuthorsMax));

        static bool Knows(int madeUp)
        {
            SetKnowledge known = new(Key(-2));
            known.Load([Word(Key(-1), 10, "[1]", [.. Enumerable.Range(1, madeUp).Select(number => Saw(number, 9))], [[default]])]);
            return known.IsTooMuch;
        }
    }

    [Fact]
    public void An_honest_word_repeats_no_more_addings_than_it_should()
    {
        // Of each member an adding by each of two authors, and the writer of the word.
        Assert.False(Knows(SetKnowledge.RepeatedDotsMax / 2));
        Assert.True(Knows(SetKnowledge.RepeatedDotsMax / 2 + 1));

        static bool Knows(int members)
        {
            SetKnowledge known = new(Key(-2));
            ImmutableArray<MemberDot> dots = [new MemberDot(0, 9), new MemberDot(1, 9), new MemberDot(2, 9)];
            known.Load([Word(Key(-1), 10, $"[{string.Join(", ", Enumerable.Range(0, members))}]", [Saw(1, 9), Saw(2, 9)], [.. Enumerable.Repeat(dots, members)])]);
            return known.IsTooMuch;
        }
    }

    /// <summary>The definition, by itself.</summary>
    private static List<string> Standing(List<SetWord> words)
    {
        List<HashSet<(string, PublicKey, ulong)>> dots = words.ConvertAll(
            word => word.Dots.Select(dot => (word.Members[dot.Member], word.Seen[dot.Author].Author, dot.Time)).ToHashSet());
        List<string> standing = [];
        foreach ((string member, PublicKey author, ulong time) in dots.SelectMany(dot => dot).Distinct())
        {
            bool isTaken = false;
            for (int i = 0; i < words.Count; i++)
                isTaken |= words[i].Seen.FirstOrDefault(seen => seen.Author == author).Time >= time && !dots[i].Contains((member, author, time));
            if (!isTaken)
                standing.Add($"{member} {(author, time)}");
        }

        standing.Sort();
        return standing;
    }

    /// <summary>Of one of three authors, who may name itself, times that are still to come, and the same adding twice.</summary>
    private static SetWord RandomWord(Random random)
    {
        ImmutableArray<SeenTotal> seen = [.. Enumerable.Range(1, 3).Where(_ => random.Next(2) == 0).Select(number => Saw(number, (ulong)random.Next(1, 6)))];
        int members = random.Next(4);
        ImmutableArray<ImmutableArray<MemberDot>> dots = [.. Enumerable.Range(0, members).Select(_ => Dots())];
        return Word(Key(random.Next(1, 4)), (ulong)random.Next(1, 6), $"[{string.Join(", ", Enumerable.Range(random.Next(2), members))}]", seen, dots);

        ImmutableArray<MemberDot> Dots() =>
        [
            .. Enumerable.Range(0, seen.Length + 1).Where(place => place == seen.Length || random.Next(2) == 0)
                .Select(place => new MemberDot(place, (ulong)random.Next(place == 0 ? 0 : 1, 6))),
        ];
    }

    private static SetWord Word(PublicKey author, ulong time, string value, ImmutableArray<SeenTotal> seen, ImmutableArray<ImmutableArray<MemberDot>> dots)
    {
        using ByteWriter image = new();
        RowImageWriter writer = new(LayoutFactory.Create(Tags), image);
        writer.SetBytes(0, Encoding.UTF8.GetBytes(value));
        writer.Finish();
        return new SetWord(author, new CellRegister
        {
            Kind = RegisterKind.Value,
            Hlc = new HlcTimestamp(time),
            Chain = 0,
            Op = 0,
            Lane = new Lane(0, MergePolicy.Set),
            Form = Tags,
            Image = image.Written.ToArray(),
            Seen = seen,
            Dots = dots,
        });
    }

    private static SeenTotal Saw(int number, ulong time) => new(Key(number), new ExactNumber(time, 0));

    private static PublicKey Key(int number)
    {
        byte[] bytes = new byte[PublicKey.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), number);
        return new PublicKey(bytes);
    }
}
