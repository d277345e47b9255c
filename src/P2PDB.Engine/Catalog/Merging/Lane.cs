namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// Which writes of a cell merge with each other: those of one generation under one policy. A higher lane supersedes all lower
/// ones. Plain writes are of the lowest: generation 0, the last writer wins.
/// </summary>
/// <param name="Generation">Counts the new beginnings of the cell that the writer knew of.</param>
/// <param name="Policy">How the lane's writes merge.</param>
internal readonly record struct Lane(ulong Generation, MergePolicy Policy) : IComparable<Lane>
{
    /// <summary>The generation from which on there is no next: no honest writer comes near it.</summary>
    public const ulong GenerationMax = (1UL << 62) - 1;

    /// <summary>The lane of plain writes, which carry no mark.</summary>
    public static Lane Plain => default;

    /// <summary>The lane of a writer that begins the cell anew under a policy.</summary>
    public Lane Next(MergePolicy policy) => new(Math.Min(Generation + 1, GenerationMax), policy);

    /// <inheritdoc/>
    public int CompareTo(Lane other) =>
        Generation != other.Generation ? Generation.CompareTo(other.Generation) : Policy.CompareTo(other.Policy);
}
