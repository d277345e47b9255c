using System.Buffers.Binary;
using System.Numerics;

namespace P2PDB.Engine.Log;

/// <summary>
/// Writes what the log has in memory of a history file's entries beside the file, so that the next start need not read them. Whatever
/// keeps an index from being written costs the next start its time and nothing else.
/// </summary>
internal sealed class HistoryIndexing(
    HistoryFiles history, ChainSet chains, IReadOnlyCollection<EntryId> heads, EntryAccess access, Lock gate)
{
    /// <summary>
    /// Under the log's gate: notes what history file <paramref name="file"/> has, or will have once the tail is in it; the log holds
    /// nothing that is in neither. Null where an entry has something that only a newer version can read, which will have to.
    /// </summary>
    public HistoryIndexDraft? Draft(int file)
    {
        if (access.MetUnknown)
            return null;
        List<HistoryIndexDraft.Run> runs = [];
        for (int number = 0; number < chains.Count; number++)
        {
            if (!chains.IsHeld(number))
                continue;
            Chain chain = chains[number];
            int from = chain.Count;
            while (from > 0 && (chain[from - 1].Place.IsInTail || chain[from - 1].Place.File == file))
                from--;
            if (from == chain.Count)
                continue;
            var tip = new ChainTip();
            tip.CopyFrom(chain.Tip);
            runs.Add(new HistoryIndexDraft.Run(chain, from, chain.Count, tip, chain.GetAccessChanges(from)));
        }

        EntryId[] ascending = [.. heads];
        Array.Sort(ascending);
        return new HistoryIndexDraft(runs, ascending);
    }

    /// <summary>Writes the index of history file <paramref name="file"/>, the last whose entries are held, while the tail is empty.</summary>
    public void Write(int file)
    {
        HistoryIndexDraft? draft;
        lock (gate)
            draft = Draft(file);
        if (draft is not null)
            Write(draft, file);
    }

    /// <summary>Writes the index of a history file that is there by now. Not under the gate.</summary>
    public void Write(HistoryIndexDraft draft, int file)
    {
        try
        {
            using HistoryIndexWriter target = history.BeginIndex(file);
            history.WriteIndexHeader(file, draft.Runs.Count, draft.Heads.Length, target.Next(HistoryIndexFormat.HeaderLength));
            foreach (EntryId head in draft.Heads)
                head.CopyTo(target.Next(EntryFormat.HashLength));
            List<IndexedRun> indexed = [];
            foreach (HistoryIndexDraft.Run run in draft.Runs)
            {
                WriteFields(run, target);
                indexed.Add(new IndexedRun(history.IndexPages, file, target.Position, run.From, run.To - run.From));
                WriteEntries(run, target);
            }

            target.Keep();
            lock (gate)
            {
                for (int i = 0; i < indexed.Count; i++)
                    draft.Runs[i].Chain.MoveToIndex(indexed[i]);
            }
        }
        catch (IOException)
        {
            // The next start reads the file instead, and makes the index again.
        }
    }

    private void WriteFields(HistoryIndexDraft.Run run, HistoryIndexWriter target)
    {
        Chain chain = run.Chain;
        ulong seq = chain.FirstSeq + (ulong)run.From;
        EntryId previous;
        lock (gate)
            previous = seq == 0 ? default : chains[ChainSet.PositionOf(chain, seq - 1)].Id;
        var fields = new HistoryRun(chain.Author, chain.First, previous, seq, run.From, run.To - run.From, run.Changes.Count);
        HistoryIndexFormat.WriteRun(fields, target.Next(HistoryIndexFormat.RunLength));
        run.Tip.WritePeaks(target.Next(BitOperations.PopCount(run.Tip.NextSeq) * EntryFormat.HashLength));
        foreach (int index in run.Changes)
            BinaryPrimitives.WriteInt32LittleEndian(target.Next(HistoryIndexFormat.ChangeLength), index - run.From);
    }

    private void WriteEntries(HistoryIndexDraft.Run run, HistoryIndexWriter target)
    {
        for (int from = run.From; from < run.To; from += HistoryIndexFormat.GroupCount)
        {
            int to = Math.Min(from + HistoryIndexFormat.GroupCount, run.To);
            Span<byte> group = target.Next(HistoryIndexFormat.GroupLength(to - from));
            lock (gate)
            {
                for (int i = from; i < to; i++)
                    HistoryIndexFormat.WriteEntry(run.Chain[i], group[((i - from) * HistoryIndexFormat.EntryLength)..]);
            }

            HistoryIndexFormat.WriteGroupCheck(group);
        }
    }
}
