using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// An author's word on a set, with authors and times in full. Nobody has seen what is later than its own operation, so a word does not
/// speak of that, whatever its bytes say.
/// </summary>
internal sealed class SetWord
{
    private readonly List<(PublicKey Author, ulong Time)> _seen = [];
    private readonly List<(int Member, int Author, ulong Time)> _dots = [];

    /// <summary>Takes a register of a set that an author wrote.</summary>
    public SetWord(PublicKey author, CellRegister register)
    {
        ulong last = register.Hlc.Value;
        _seen.Add((author, last));
        int[] places = new int[register.Seen.Length + 1];
        for (int i = 0; i < register.Seen.Length; i++)
        {
            if (register.Seen[i].Author == author)
                continue; // only a liar names itself; it is at place 0
            ulong time = Math.Min(MemberDots.TimeOf(register.Seen[i]), last - 1);
            places[i + 1] = time > 0 ? _seen.Count : -1; // nothing is before the beginning of time, and no word could say so
            if (time > 0)
                _seen.Add((register.Seen[i].Author, time));
        }

        SetMembers.TryRead(register.Value, Members);
        for (int i = 0; i < Members.Count && i < register.Dots.Length; i++)
        {
            foreach (MemberDot dot in register.Dots[i])
            {
                int by = places[dot.Author];
                if (by < 0)
                    continue;
                ulong time = dot.Author == 0 && dot.Time == 0 ? last : dot.Time;
                _dots.Add((i, by, Math.Min(time, _seen[by].Time)));
            }
        }
    }

    /// <summary>The members, in the order in which the author had them.</summary>
    public List<string> Members { get; } = [];

    /// <summary>Whose addings of them stand, and when they were; members and authors by their places in the lists here. A liar's may repeat.</summary>
    public IReadOnlyList<(int Member, int Author, ulong Time)> Dots => _dots;

    /// <summary>How far the author had seen what others wrote, each once; itself first. No dot of an author is later.</summary>
    public IReadOnlyList<(PublicKey Author, ulong Time)> Seen => _seen;
}
