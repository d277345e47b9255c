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

    /// <summary>The class that the next invite gives; false when nothing can be split any further.</summary>
    public bool TryChooseNext(out ResidueClass next)
    {
        next = default;
        if (_spares.Count >= 2)
            next = _spares[0];
        else if (_spares.Count == 1 && _spares[0].CanSplit)
            next = _spares[0].Part(0);
        else if (_spares.Count == 1)
            next = _spares[0];
        else if (Active.CanSplit)
            next = Active.Part(1);
        else
            return false;
        return true;
    }

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
