using System.Collections.Immutable;

namespace P2PDB.Engine.Log;

// Rows name chains by this node's numbers, so a log that is read again must number them as it did when the rows were written,
// and must put every entry into the branch that it was in: where an author wrote two entries of one seq, that depends on which
// came first. Three things see to it, all of them here or asked for from here:
//   - A chain's number goes to the entry it began with (ChainSet.Reserve).
//   - Entries that the mark covers are taken before all others: history is sorted so (HistoryLoader); the journal has them in the
//     order in which they came anyway, and what it has beyond history came later.
//   - In the end the chains are compared with the mark (IsMetBy).

/// <summary>
/// What the log of a database held at one moment, so that rows of that moment can be gone on with: which entries are in them,
/// by which numbers rows name their chains, and which of the entries had no effect.
/// </summary>
/// <param name="FollowedAt">As <see cref="DatabaseLog.FollowedAt"/>: a mark of an earlier time is no mark.</param>
/// <param name="Chains">The chains by their numbers.</param>
/// <param name="Void">Entries that did not fit the schema.</param>
/// <param name="KnownKinds">
/// <see cref="OpKinds.Known"/> of who made it, where an entry has operations of other kinds; empty where none has.
/// </param>
internal sealed record LogMark(
    long FollowedAt, IReadOnlyList<ChainMark> Chains, IReadOnlyList<EntryPosition> Void, ImmutableArray<byte> KnownKinds)
{
    /// <summary>
    /// False where rows lack something that this version reads in entries and the one that made the mark did not: they have to be made
    /// anew, because an operation that lets somebody in gives effect to entries anywhere after it.
    /// </summary>
    public bool IsReadAsNow => KnownKinds.IsEmpty || KnownKinds.AsSpan().SequenceEqual(OpKinds.Known.AsSpan());

    /// <summary>True where chains hold what the mark says was held.</summary>
    public bool IsMetBy(ChainSet chains)
    {
        for (int number = 0; number < Chains.Count; number++)
        {
            ChainMark mark = Chains[number];
            if (!chains.IsHeld(number) || chains[number].Count < mark.Count || chains[number][mark.Count - 1].Id != mark.Last)
                return false;
        }

        return true;
    }
}
