namespace P2PDB.Engine.Log;

/// <summary>
/// The classes one member holds: the one it writes with, and spare ones to give away with invites. Giving needs no agreement:
/// what a member gives is its own, and its invites are ordered by its chain.
/// </summary>
internal sealed class ResidueClasses(ResidueClass active)
{
    private readonly List<ResidueClass> _spares = [];

    /// <summary>The class that this member's generated keys are of.</summary>
    public ResidueClass Active { get; private set; } = active;

    /// <summary>A class that can be given away; false when nothing can be split any further.</summary>
    /// <param name="draw">
    /// Chooses one of the spares. A node that lost an invite, or a copy of it, makes its next ones without knowing of that one: drawn
    /// by the invite's key they rarely name its class again.
    /// </param>
    /// <param name="chosen">The class.</param>
    public bool TryChoose(ulong draw, out ResidueClass chosen)
    {
        chosen = default;
        if (_spares.Count >= 2)
            chosen = _spares[(int)(draw % (ulong)_spares.Count)];
        else if (_spares.Count == 1 && _spares[0].CanSplit)
            chosen = _spares[0].Part((int)(draw % ResidueClass.PartCount));
        else if (_spares.Count == 1)
            chosen = _spares[0];
        else if (Active.CanSplit)
            chosen = Active.Part(1 + (int)(draw % (ResidueClass.PartCount - 1)));
        else
            return false;
        return true;
    }

    /// <summary>Gives away what <see cref="TryChoose"/> chooses; false when there is nothing.</summary>
    public bool TryGiveAny(ulong draw, out ResidueClass given) => TryChoose(draw, out given) && TryGive(given);

    /// <summary>Gives a class away, splitting what contains it; false when it is not this member's to give.</summary>
    public bool TryGive(ResidueClass given)
    {
        if (!given.IsWellFormed)
            return false;
        while (!_spares.Remove(given))
        {
            int index = _spares.FindIndex(spare => spare.Contains(given));
            if (index >= 0)
            {
                ResidueClass split = _spares[index];
                _spares.RemoveAt(index);
                for (int part = 0; part < ResidueClass.PartCount; part++)
                    _spares.Insert(index + part, split.Part(part));
            }
            else if (Active != given && Active.Contains(given) && !Active.Part(0).Contains(given))
            {
                ResidueClass split = Active;
                Active = split.Part(0);
                for (int part = 1; part < ResidueClass.PartCount; part++)
                    _spares.Add(split.Part(part));
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
