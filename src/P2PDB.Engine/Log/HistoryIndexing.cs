using System.Buffers.Binary;
using System.Numerics;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Log;

/// <summary>
/// Writes what the log has in memory of a history file's entries beside the file, so that the next start need not read them. Whatever
/// keeps an index from being written costs the next start its time and nothing else.
/// </summary>
internal sealed class HistoryIndexing(
    HistoryFiles history, ChainSet chains, IReadOnlyCollection<EntryId> heads, IReadOnlySet<EntryPosition> voidBySchema, Lock gate)
{
    /// <summary>Entries written while commits wait for the gate.</summary>
    private const int EntriesAtOnce = 1024;

    /// <summary>
    /// Under the log's gate: notes what history file <paramref name="file"/> has, or will have once the tail is in it; the log holds
    /// nothing that is in neither. Null where an entry waits for a newer version, which will have to read it.
    /// </summary>
    public HistoryIndexDraft? Draft(int file)
    {
        List<HistoryIndexDraft.Run> runs = [];
        for (int number = 0; number < chains.Count; number++)
        {
            if (!chains.IsHeld(number))
                continue;
            Chain chain = chains[number];
            int from = chain.Count;
            for (; from > 0 && (chain[from - 1].Place.IsInTail || chain[from - 1].Place.File == file); from--)
            {
                if (chain[from - 1].Standing == EntryStanding.Parked)
                    return null;
            }

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
            foreach (HistoryIndexDraft.Run run in draft.Runs)
                WriteRun(run, target);
            target.Keep();
        }
        catch (DiskFullException)
        {
            // The room is needed for more than this.
        }
    }

    private void WriteRun(HistoryIndexDraft.Run run, HistoryIndexWriter target)
    {
        Chain chain = run.Chain;
        ulong seq = chain.FirstSeq + (ulong)run.From;
        EntryId first;
        EntryId previous;
        lock (gate)
        {
            first = chain[0].Id;
            previous = seq == 0 ? default : chains[ChainSet.PositionOf(chain, seq - 1)].Id;
        }

        var fields = new HistoryRun(chain.Author, first, previous, seq, run.From, run.To - run.From, run.Changes.Count);
        HistoryIndexFormat.WriteRun(fields, target.Next(HistoryIndexFormat.RunLength));
        run.Tip.WritePeaks(target.Next(BitOperations.PopCount(run.Tip.NextSeq) * EntryFormat.HashLength));
        foreach (int index in run.Changes)
            BinaryPrimitives.WriteInt32LittleEndian(target.Next(HistoryIndexFormat.ChangeLength), index - run.From);
        for (int from = run.From; from < run.To; from += EntriesAtOnce)
        {
            int to = Math.Min(from + EntriesAtOnce, run.To);
            Span<byte> bytes = target.Next((to - from) * HistoryIndexFormat.EntryLength);
            lock (gate)
            {
                for (int i = from; i < to; i++)
                {
                    // What the schema makes void is for apply to say each time.
                    EntryStanding standing = chain[i].Standing;
                    if (standing == EntryStanding.Void && voidBySchema.Contains(new EntryPosition(chain.Number, i)))
                        standing = EntryStanding.Effective;
                    HistoryIndexFormat.WriteEntry(chain[i], standing, bytes[((i - from) * HistoryIndexFormat.EntryLength)..]);
                }
            }
        }
    }
}
