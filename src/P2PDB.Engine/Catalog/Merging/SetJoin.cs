// SETS THAT ADDING WINS
//
// The optimised OR-set of Bieniusa, Zawirski, Preguiça, Shapiro, Baquero, Balegas and Duarte ("An optimized conflict-free replicated
// set", INRIA 8083, 2012). A state is a set of dots, each an adding of a member by an author, and a vector of how far that author's
// writes are known; there are no tombstones: whoever knows of a dot and does not have it saw it removed. An author's word on the
// cell is such a state, all of it, and what shows is the join of all words:
//
//   a dot stands where some word has it, and each other word has it too or had not seen it
//   a member is in the set where a dot of it stands
//
// The clock of an author is the hybrid time of its entries, which grows along its chain.
//
// Words come from peers, who may say anything, so each dot is decided once: dots are sorted, and a dot stands where as many words
// have it as have seen it, because who has it has seen it. Authors are numbered. So the work grows with the bytes of the words, times a
// logarithm, whatever they say.
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>What the words of all authors on a set say together; see the prose above.</summary>
internal sealed class SetJoin
{
    private readonly Dictionary<PublicKey, int> _numbers = [];
    private readonly List<PublicKey> _authors = [];
    private readonly List<List<ulong>> _seen = [];
    private readonly Dictionary<string, List<(PublicKey Author, ulong Time)>> _members = [];

    /// <summary>Joins words; the members of those that come first come first.</summary>
    /// <param name="words">The words.</param>
    /// <param name="areRemovalsForgotten">A bug that the simulator plants: what anybody has stays.</param>
    public SetJoin(IReadOnlyList<SetWord> words, bool areRemovalsForgotten = false)
    {
        List<string> names = [];
        List<Dot> dots = CollectDots(words, names);
        foreach (List<ulong> times in _seen)
            times.Sort();
        dots.Sort();
        for (int next, first = 0; first < dots.Count; first = next)
        {
            Dot dot = dots[first];
            int having = 1;
            for (next = first + 1; next < dots.Count && dots[next].IsSameAdding(dot); next++)
                having += dots[next].Word == dots[next - 1].Word ? 0 : 1;
            if (areRemovalsForgotten || having == CountSeen(dot.Author, dot.Time))
                DotsOfMember(names[dot.Member]).Add((_authors[dot.Author], dot.Time));
        }

        foreach (string name in names)
        {
            if (_members.ContainsKey(name))
                Members.Add(name);
        }
    }

    /// <summary>The members, in order.</summary>
    public List<string> Members { get; } = [];

    /// <summary>How far any of the words had seen what authors wrote; each author once.</summary>
    public IEnumerable<(PublicKey Author, ulong Time)> Seen
    {
        get
        {
            for (int author = 0; author < _authors.Count; author++)
                yield return (_authors[author], _seen[author][^1]);
        }
    }

    /// <summary>The addings of a member that stand; none of what is no member.</summary>
    public IReadOnlyList<(PublicKey Author, ulong Time)> DotsOf(string member) => _members.GetValueOrDefault(member) ?? [];

    /// <summary>All dots of all words; numbers authors and members, whose names it lists in the order in which they come.</summary>
    private List<Dot> CollectDots(IReadOnlyList<SetWord> words, List<string> names)
    {
        Dictionary<string, int> known = [];
        List<Dot> dots = [];
        for (int i = 0; i < words.Count; i++)
        {
            SetWord word = words[i];
            int[] authors = new int[word.Seen.Count];
            for (int place = 0; place < authors.Length; place++)
            {
                authors[place] = NumberOf(word.Seen[place].Author);
                _seen[authors[place]].Add(word.Seen[place].Time);
            }

            int[] members = new int[word.Members.Count];
            for (int place = 0; place < members.Length; place++)
            {
                if (known.TryAdd(word.Members[place], names.Count))
                    names.Add(word.Members[place]);
                members[place] = known[word.Members[place]];
            }

            foreach ((int member, int author, ulong time) in word.Dots)
                dots.Add(new Dot(members[member], authors[author], time, i));
        }

        return dots;
    }

    private int NumberOf(PublicKey author)
    {
        if (_numbers.TryGetValue(author, out int number))
            return number;
        number = _authors.Count;
        _numbers.Add(author, number);
        _authors.Add(author);
        _seen.Add([]);
        return number;
    }

    /// <summary>How many words have seen an author's adding at a time.</summary>
    private int CountSeen(int author, ulong time)
    {
        List<ulong> times = _seen[author];
        int low = 0, high = times.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (times[middle] < time)
                low = middle + 1;
            else
                high = middle;
        }

        return times.Count - low;
    }

    private List<(PublicKey Author, ulong Time)> DotsOfMember(string member)
    {
        if (!_members.TryGetValue(member, out List<(PublicKey, ulong)>? dots))
            _members.Add(member, dots = []);
        return dots;
    }

    /// <summary>An adding as one word has it; member, author and word are numbers.</summary>
    private readonly record struct Dot(int Member, int Author, ulong Time, int Word) : IComparable<Dot>
    {
        public bool IsSameAdding(in Dot other) => Member == other.Member && Author == other.Author && Time == other.Time;

        public int CompareTo(Dot other)
        {
            int order = Member.CompareTo(other.Member);
            order = order != 0 ? order : Author.CompareTo(other.Author);
            order = order != 0 ? order : Time.CompareTo(other.Time);
            return order != 0 ? order : Word.CompareTo(other.Word);
        }
    }
}
