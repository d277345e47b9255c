namespace P2PDB.Engine.Log;

/// <summary>What the index of a history file is written from, as it was when the file's entries were chosen.</summary>
/// <param name="Runs">The file's entries of each chain.</param>
/// <param name="Heads">The log's heads, ascending.</param>
internal sealed record HistoryIndexDraft(IReadOnlyList<HistoryIndexDraft.Run> Runs, EntryId[] Heads)
{
    /// <summary>The entries <paramref name="From"/> to <paramref name="To"/> of a chain.</summary>
    /// <param name="Chain">The chain.</param>
    /// <param name="From">Index of the first.</param>
    /// <param name="To">Index behind the last.</param>
    /// <param name="Tip">The chain's end behind the last.</param>
    /// <param name="Changes">Indexes in the chain of those with which access changes, ascending.</param>
    internal sealed record Run(Chain Chain, int From, int To, ChainTip Tip, IReadOnlyList<int> Changes);
}
