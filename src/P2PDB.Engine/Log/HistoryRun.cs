namespace P2PDB.Engine.Log;

/// <summary>What an index says of the entries that a history file has of one chain.</summary>
/// <param name="Author">Who writes the chain.</param>
/// <param name="First">The entry that the chain begins with: which chain it is.</param>
/// <param name="Previous">The author's entry before the run; zero where the run is the author's beginning.</param>
/// <param name="Seq">Seq of the run's first entry.</param>
/// <param name="Index">Index in the chain of the run's first entry.</param>
/// <param name="EntryCount">Entries of the run; at least one.</param>
/// <param name="ChangeCount">Entries of the run with which the access operations in the chain's causal past change.</param>
internal readonly record struct HistoryRun(
    AuthorKey Author, EntryId First, EntryId Previous, ulong Seq, int Index, int EntryCount, int ChangeCount)
{
    /// <summary>Peaks of the Merkle mountain range over the author's history up to the run's end.</summary>
    public int PeakCount => System.Numerics.BitOperations.PopCount(Seq + (ulong)EntryCount);
}
