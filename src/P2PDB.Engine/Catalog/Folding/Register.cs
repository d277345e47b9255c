namespace P2PDB.Engine.Catalog.Folding;

/// <summary>
/// A last-writer-wins register of the catalog. A definition that comes with CREATE or ADD is weak: any later change by
/// ALTER wins over it, so that a peer who runs an old migration apart does not undo what was altered since.
/// </summary>
internal struct Register<T>
{
    /// <summary>When the value was set; none while nothing was.</summary>
    public DefinitionStamp Stamp;

    /// <summary>True where an ALTER set it.</summary>
    public bool IsAltered;

    /// <summary>The value.</summary>
    public T Value;

    /// <summary>Takes a value if it wins: altered over created, then the later stamp.</summary>
    public void Set(in DefinitionStamp stamp, bool isAltered, T value)
    {
        if (isAltered != IsAltered ? isAltered || Stamp.IsNone : stamp > Stamp)
            (Stamp, IsAltered, Value) = (stamp, isAltered, value);
    }
}
