namespace P2PDB.Engine.Log;

/// <summary>Compares the stamps of one database in the one total order.</summary>
internal abstract class StampOrder
{
    /// <summary>Negative, zero or positive as <paramref name="left"/> is earlier, the same or later.</summary>
    public int Compare(in Stamp left, in Stamp right)
    {
        if (left.Hlc != right.Hlc)
            return left.Hlc < right.Hlc ? -1 : 1;
        return left.Chain == right.Chain ? left.Op.CompareTo(right.Op) : CompareChains(left, right);
    }

    /// <summary>Decides between stamps of equal time in different chains: by author key, then by entry id.</summary>
    protected abstract int CompareChains(in Stamp left, in Stamp right);
}
