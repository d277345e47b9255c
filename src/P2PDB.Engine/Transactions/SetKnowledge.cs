using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Transactions;

/// <summary>What one author knows of a set when it writes it: whose addings of members stand, and how far it has seen what others wrote.</summary>
internal sealed class SetKnowledge(PublicKey own)
{
    /// <summary>
    /// Authors that an honest word names at most: some 36 KB of every write of the cell. It names all that any word did, and who lies can
    /// make up as many as the format can say, for ever; one more, and the honest word would be void.
    /// </summary>
    public const int AuthorsMax = 1024;

    /// <summary>Addings that an honest word names at most beyond one for each member, for the same reason; of several who added a member apart each is named.</summary>
    public const int RepeatedDotsMax = 1 << 16;

    private readonly Dictionary<string, List<(PublicKey Author, ulong Time)>> _dots = [];
    private int _repeatedDots;

    /// <summary>How far the author has seen what others wrote, in their order.</summary>
    public ImmutableArray<SeenTotal> Seen { get; private set; } = [];

    /// <summary>True where what all say is more than one word should repeat: the writer begins the set anew.</summary>
    public bool IsTooMuch => Seen.Length > AuthorsMax || _repeatedDots > RepeatedDotsMax;

    /// <summary>Takes what all authors say.</summary>
    public void Load(List<SetWord> words)
    {
        SetJoin join = new(words);
        foreach (string member in join.Members)
        {
            _dots[member] = [.. join.DotsOf(member)];
            _repeatedDots += _dots[member].Count - 1;
        }

        List<SeenTotal> seen = [];
        foreach ((PublicKey author, ulong time) in join.Seen)
        {
            if (author != own)
                seen.Add(new SeenTotal(author, new ExactNumber(time, 0)));
        }

        seen.Sort(static (left, right) => left.Author.CompareTo(right.Author));
        Seen = [.. seen];
    }

    /// <summary>Takes what the author itself wrote in this transaction, which has in it all that others say.</summary>
    public void Load(List<string> members, CellMark mark)
    {
        Seen = mark.Seen;
        for (int i = 0; i < members.Count && i < mark.Dots.Length; i++)
        {
            List<(PublicKey, ulong)> dots = _dots[members[i]] = [];
            foreach (MemberDot dot in mark.Dots[i])
                dots.Add((dot.Author == 0 ? own : Seen[dot.Author - 1].Author, dot.Time));
        }
    }

    /// <summary>Takes a value from before the column merged as a set.</summary>
    public void Load(List<string> members, PublicKey writer, ulong time)
    {
        if (writer != own)
            Seen = [new SeenTotal(writer, new ExactNumber(time, 0))];
        foreach (string member in members)
            _dots[member] = [(writer, time)];
    }

    /// <summary>Dots for the members that a set is to have: those that stand of <paramref name="former"/> ones, and one of the writer for each other.</summary>
    public ImmutableArray<ImmutableArray<MemberDot>> DotsOf(List<string> members, List<string> former)
    {
        HashSet<string> kept = [.. former];
        ImmutableArray<ImmutableArray<MemberDot>>.Builder all = ImmutableArray.CreateBuilder<ImmutableArray<MemberDot>>(members.Count);
        foreach (string member in members)
        {
            bool isKnown = _dots.TryGetValue(member, out List<(PublicKey Author, ulong Time)>? dots) && kept.Contains(member);
            all.Add(isKnown ? Encoded(dots!) : [new MemberDot(0, 0)]);
        }

        return all.MoveToImmutable();
    }

    /// <summary>One dot for each author: of two, which only a fork can leave, the later. One of this transaction is the latest.</summary>
    private ImmutableArray<MemberDot> Encoded(List<(PublicKey Author, ulong Time)> dots)
    {
        SortedDictionary<int, ulong> times = [];
        foreach ((PublicKey author, ulong time) in dots)
        {
            int place = author == own ? 0 : 1 + Seen.AsSpan().BinarySearch(new SeenTotal(author, default), ByAuthor.Instance);
            if (!times.TryGetValue(place, out ulong known) || (known != 0 && (time == 0 || time > known)))
                times[place] = time;
        }

        ImmutableArray<MemberDot>.Builder encoded = ImmutableArray.CreateBuilder<MemberDot>(times.Count);
        foreach ((int place, ulong time) in times)
            encoded.Add(new MemberDot(place, time));
        return encoded.MoveToImmutable();
    }

    private sealed class ByAuthor : IComparer<SeenTotal>
    {
        public static ByAuthor Instance { get; } = new();

        public int Compare(SeenTotal left, SeenTotal right) => left.Author.CompareTo(right.Author);
    }
}
