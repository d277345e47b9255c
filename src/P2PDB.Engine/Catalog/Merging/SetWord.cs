using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// An author's word on a set, with authors and times in full. Nobody has seen what is later than its own operation, so a word does not
/// speak of that, whatever its bytes say.
/// </summary>
internal sealed class SetWord
{
    private readonly Dictionary<PublicKey, ulong> _seen = [];
    private readonly HashSet<(string Member, PublicKey Author, ulong Time)> _dots = [];

    /// <summary>Takes a register of a set that an author wrote.</summary>
    public SetWord(PublicKey author, CellRegister register)
    {
        ulong last = register.Hlc.Value;
        foreach (SeenTotal seen in register.Seen)
            _seen[seen.Author] = Math.Min(MemberDots.TimeOf(seen), last - 1);
        _seen[author] = last;
        SetMembers.TryRead(register.Value, Members);
        for (int i = 0; i < Members.Count && i < register.Dots.Length; i++)
        {
            foreach (MemberDot dot in register.Dots[i])
            {
                PublicKey by = dot.Author == 0 ? author : register.Seen[dot.Author - 1].Author;
                ulong time = dot.Time == 0 ? last : Math.Min(dot.Time, by == author ? last : last - 1);
                _dots.Add((Members[i], by, time));
            }
        }
    }

    /// <summary>The members, in the order in which the author had them.</summary>
    public List<string> Members { get; } = [];

    /// <summary>Whose addings of them stand, and when they were.</summary>
    public IEnumerable<(string Member, PublicKey Author, ulong Time)> Dots => _dots;

    /// <summary>How far the author had seen what others wrote; itself too.</summary>
    public IReadOnlyDictionary<PublicKey, ulong> Seen => _seen;

    /// <summary>False where the author had seen an adding and does not have it any more: the member was taken away.</summary>
    public bool Leaves(in (string Member, PublicKey Author, ulong Time) dot) =>
        _seen.GetValueOrDefault(dot.Author) < dot.Time || _dots.Contains(dot);
}
