using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// Takes the entries of a history file into the log by the file's index, without reading them. An index that is not whole, or that is not of
/// the log as it is so far, is not taken at all: the file itself says all that it says.
/// </summary>
internal sealed class IndexedEntries(
    HistoryFiles history, ChainSet chains, EntryPositions positions, HashSet<EntryId> heads, EntryAccess access, PublishedEntries published,
    Lock gate)
{
    /// <summary>Takes the entries of history file <paramref name="file"/>; false leaves the log as it was.</summary>
    public bool TryTake(int file)
    {
        using NativeArray<byte>? bytes = history.ReadIndex(file, out HistoryIndexReader index);
        if (bytes is null)
            return false;
        lock (gate)
        {
            if (!IsUsable(index, file))
                return false;
            List<EntryPosition> changes = [];
            for (int run = 0; run < index.RunCount && index.TryMoveNext(); run++)
                Take(index, file, changes);
            heads.Clear();
            for (int i = 0; i < index.HeadCount; i++)
                heads.Add(index.HeadAt(i));
            changes.Sort(chains.CompareInTotalOrder);
            foreach (EntryPosition position in changes)
                TakeAccess(position);
            return true;
        }
    }

    private bool IsUsable(HistoryIndexReader index, int file)
    {
        HistoryIndexReader whole = index;
        HashSet<EntryId> chainsSeen = [];
        HashSet<EntryId> ends = [];
        long entryCount = 0;
        for (int run = 0; run < whole.RunCount; run++)
        {
            if (!index.TryMoveNext() || !chainsSeen.Add(index.Run.First) || !Follows(index.Run, whole, run) || !AreEntriesOf(file, index))
                return false;
            ends.Add(index.IdAt(index.Run.EntryCount - 1));
            entryCount += index.Run.EntryCount;
        }

        for (int i = 0; i < index.HeadCount; i++)
        {
            if (!ends.Contains(index.HeadAt(i)) && !positions.Contains(index.HeadAt(i)))
                return false;
        }

        return index.IsAtEnd && index.HeadCount > 0 && entryCount == history.FileAt(file).EntryCount;
    }

    /// <summary>True where a run goes on with a chain where it ends now, or begins one after an entry that is there by then.</summary>
    private bool Follows(in HistoryRun run, HistoryIndexReader index, int runsBefore)
    {
        if (run.Index > 0)
        {
            return positions.TryGetValue(run.First, out EntryPosition first) && first.Index == 0
                && chains[first.Chain] is { } chain && chain.Author == run.Author && chain.Count == run.Index
                && chain.FirstSeq == run.Seq - (ulong)run.Index && chain.Tip.Last == run.Previous;
        }

        if (positions.Contains(run.First))
            return false;
        if (run.Seq == 0)
            return true;
        if (positions.TryGetValue(run.Previous, out EntryPosition previous))
        {
            Chain origin = chains[previous.Chain];
            return origin.Author == run.Author && origin.FirstSeq + (ulong)previous.Index == run.Seq - 1;
        }

        for (int i = 0; i < runsBefore && index.TryMoveNext(); i++)
        {
            ulong place = run.Seq - 1 - index.Run.Seq;
            if (index.Run.Author == run.Author && place < (ulong)index.Run.EntryCount && index.IdAt((int)place) == run.Previous)
                return true;
        }

        return false;
    }

    /// <summary>True where the run's entries lie in blocks of the file, one later than the other, and those that must be read are there.</summary>
    private bool AreEntriesOf(int file, in HistoryIndexReader index)
    {
        HistoryFile source = history.FileAt(file);
        HlcTimestamp last = index.Run.Index > 0 ? chains[positions[index.Run.First].Chain].Tip.LastHlc : default;
        for (int i = 0; i < index.Run.EntryCount; i++)
        {
            if (!index.TryReadEntry(i, file, out ChainEntry entry) || entry.Hlc <= last || entry.Place.Block >= source.BlockCount
                || entry.Place.Offset > source.BlockAt(entry.Place.Block).RawLength - entry.Place.Length)
            {
                return false;
            }

            last = entry.Hlc;
        }

        for (int i = 0; i < index.Run.ChangeCount; i++)
        {
            index.TryReadEntry(index.ChangeAt(i), file, out ChainEntry entry);
            if (EntryReader.TryRead(history.Read(entry.Place), out EntryReader held) != EntryStatus.Valid || held.ComputeId() != entry.Id)
                return false;
        }

        return true;
    }

    private void Take(in HistoryIndexReader index, int file, List<EntryPosition> changes)
    {
        HistoryRun run = index.Run;
        Chain chain = run.Index > 0 ? chains[positions[run.First].Chain] : Begin(run);
        published.NoteHeld(chain);
        int firstKept = chain.MoveToIndex(new IndexedRun(history.IndexPages, file, index.EntriesOffset, run.Index, run.EntryCount));
        ChainEntry entry = default;
        for (int i = 0; i < run.EntryCount; i++)
        {
            index.TryReadEntry(i, file, out entry);
            if (run.Index + i > 0)
                chains.NoteEarlyBranches(chain, run.Seq + (ulong)i, entry.Id);
            if (run.Index + i >= firstKept)
                chain.AddIndexed(entry);
            positions.Add(entry.Id, new EntryPosition(chain.Number, run.Index + i));
        }

        var peaks = new Hash256[run.PeakCount];
        for (int i = 0; i < peaks.Length; i++)
            peaks[i] = index.PeakAt(i);
        chain.Tip.Restore(run.Seq + (ulong)run.EntryCount, entry.Id, entry.Hlc, peaks);
        for (int i = 0; i < run.ChangeCount; i++)
            changes.Add(new EntryPosition(chain.Number, run.Index + index.ChangeAt(i)));
    }

    private Chain Begin(in HistoryRun run)
    {
        if (run.Seq == 0)
            return chains.Begin(run.Author, run.Seq, run.First, null, -1, access.None);
        EntryPosition previous = positions[run.Previous];
        return chains.Begin(run.Author, run.Seq, run.First, chains[previous.Chain], previous.Index, access.None);
    }

    /// <summary>Reads an entry with which access changes: in the total order, so that what it builds on has its own by then.</summary>
    private void TakeAccess(EntryPosition position)
    {
        Chain chain = chains[position.Chain];
        ulong seq = chain.FirstSeq + (ulong)position.Index;
        AccessSet set = seq == 0 ? access.None : AccessAt(ChainSet.PositionOf(chain, seq - 1));
        EntryReader.TryRead(history.Read(chain[position.Index].Place), out EntryReader entry);
        for (int i = 0; i < entry.ParentCount; i++)
        {
            if (positions.TryGetValue(entry.ParentAt(i), out EntryPosition parent))
                set = set.Union(AccessAt(parent));
        }

        access.Inspect(entry, chain[position.Index].Id, ref set);
        chain.SetAccess(position.Index, set);
        access.Add(set);
    }

    private AccessSet AccessAt(EntryPosition position) => chains[position.Chain].AccessAt(position.Index);
}
