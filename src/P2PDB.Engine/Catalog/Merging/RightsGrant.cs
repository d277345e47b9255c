using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>One entry of the matrix of rights, as an author states it: the sum of all there was of it so far.</summary>
/// <param name="Form">Whose rights become whose.</param>
/// <param name="Other">The other author; zero where the form names none.</param>
/// <param name="Amount">How much, in all; not negative.</param>
internal readonly record struct RightsGrant(GrantForm Form, PublicKey Other, ExactNumber Amount)
{
    /// <summary>True for the same entry of the matrix.</summary>
    public bool IsSameEntry(in RightsGrant other) => Form == other.Form && Other.Equals(other.Other);

    /// <summary>The order of entries in their bytes.</summary>
    public int CompareEntryTo(in RightsGrant other) => Form != other.Form ? Form.CompareTo(other.Form) : Other.CompareTo(other.Other);
}
