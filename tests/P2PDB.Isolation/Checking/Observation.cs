using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>A version of a list that a transaction read, not one of its own.</summary>
/// <param name="Reader">Who read.</param>
/// <param name="Place">Index of the statement in its transaction.</param>
/// <param name="Key">The list.</param>
/// <param name="Version">How many elements it had.</param>
internal readonly record struct Observation(RecordedTransaction Reader, int Place, int Key, int Version)
{
    /// <summary>The statement.</summary>
    public Operation Operation => Reader.Operations[Place];
}
