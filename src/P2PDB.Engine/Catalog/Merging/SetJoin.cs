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
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>What the words of all authors on a set say together; see the prose above.</summary>
internal sealed class SetJoin
{
    private readonly Dictionary<string, List<(PublicKey Author, ulong Time)>> _members = [];
    private readonly Dictionary<PublicKey, ulong> _seen = [];

    /// <summary>Joins words; the members of those that come first come first.</summary>
    /// <param name="words">The words.</param>
    /// <param name="areRemovalsForgotten">A bug that the simulator plants: what anybody has stays.</param>
    public SetJoin(IReadOnlyList<SetWord> words, bool areRemovalsForgotten = false)
    {
        foreach (SetWord word in words)
        {
            foreach ((PublicKey author, ulong time) in word.Seen)
                _seen[author] = Math.Max(_seen.GetValueOrDefault(author), time);
            foreach ((string Member, PublicKey Author, ulong Time) dot in word.Dots)
            {
                if (!areRemovalsForgotten && !IsLeftByAll(words, dot))
                    continue;
                if (!_members.TryGetValue(dot.Member, out List<(PublicKey, ulong)>? dots))
                    _members.Add(dot.Member, dots = []);
                if (!dots.Contains((dot.Author, dot.Time)))
                    dots.Add((dot.Author, dot.Time));
            }
        }

        HashSet<string> listed = [];
        foreach (SetWord word in words)
        {
            foreach (string member in word.Members)
            {
                if (_members.ContainsKey(member) && listed.Add(member))
                    Members.Add(member);
            }
        }
    }

    /// <summary>The members, in order.</summary>
    public List<string> Members { get; } = [];

    /// <summary>How far any of the words had seen what authors wrote.</summary>
    public IReadOnlyDictionary<PublicKey, ulong> Seen => _seen;

    /// <summary>The addings of a member that stand; none of what is no member.</summary>
    public IReadOnlyList<(PublicKey Author, ulong Time)> DotsOf(string member) => _members.GetValueOrDefault(member) ?? [];

    private static bool IsLeftByAll(IReadOnlyList<SetWord> words, in (string Member, PublicKey Author, ulong Time) dot)
    {
        foreach (SetWord word in words)
        {
            if (!word.Leaves(dot))
                return false;
        }

        return true;
    }
}
