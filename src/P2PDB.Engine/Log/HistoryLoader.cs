using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// Fills a database's log from its history files. The files are ordered by author; the log takes causes before effects. So the
/// files are read once to learn where each entry lies, and again in the one total order, what the log's mark covers first.
/// </summary>
internal static class HistoryLoader
{
    /// <summary>Checks an entry before it is loaded; returns whether its own signature is valid.</summary>
    public delegate bool EntryCheck(in EntryReader entry, in EntryId id, in EntryPlace place);

    /// <summary>
    /// Loads all entries of <paramref name="history"/> into <paramref name="log"/>; with a check, links are checked too.
    /// </summary>
    public static void Load(HistoryFiles history, DatabaseLog log, EntryCheck? check = null)
    {
        List<Located> entries = [];
        using var block = new ByteWriter();
        for (int file = 0; file < history.FileCount; file++)
        {
            for (int index = 0; index < history.FileAt(file).BlockCount; index++)
            {
                history.FileAt(file).ReadBlock(index, block);
                Locate(history, file, index, block.Written, entries);
            }
        }

        entries.Sort(static (left, right) => left.CompareTo(right));
        if (log.Mark is { } mark)
            entries = CoveredFirst(entries, mark);
        foreach (Located located in entries)
        {
            EntryReader.TryRead(history.Read(located.Place), out EntryReader entry);
            bool isSigned = check is not null && check(entry, located.Id, located.Place);
            AppendStatus status = log.Load(entry, located.Id, located.Place, isTrusted: check is null, isSigned);
            if (status is not (AppendStatus.Appended or AppendStatus.AlreadyKnown))
            {
                throw history.FileAt(located.Place.File).Corruption(located.Place.Block,
                    $"entry {located.Id} does not follow the others ({status})");
            }
        }

        history.ForgetBlocks();
    }

    /// <summary>
    /// Puts first what the mark covers. Where history lacks the last entry of a
    /// marked chain, it ends before the mark, and all of it is covered.
    /// </summary>
    private static List<Located> CoveredFirst(List<Located> entries, LogMark mark)
    {
        HashSet<EntryId> covered = [];
        foreach (ChainMark chain in mark.Chains)
            covered.Add(chain.Last);
        int lastsFound = 0;
        foreach (Located located in entries)
            lastsFound += covered.Contains(located.Id) ? 1 : 0;
        if (lastsFound < covered.Count)
            return entries;

        List<Located> first = [];
        List<Located> others = [];
        // Backwards: what an entry follows comes before it in the order.
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            bool isCovered = covered.Remove(entries[i].Id);
            if (isCovered)
                covered.Add(entries[i].Previous);
            (isCovered ? first : others).Add(entries[i]);
        }

        first.Reverse();
        others.Reverse();
        first.AddRange(others);
        return first;
    }

    private static void Locate(HistoryFiles history, int file, int block, ReadOnlySpan<byte> raw, List<Located> target)
    {
        int count = 0;
        for (int offset = 0; offset < raw.Length; count++)
        {
            if (EntryReader.TryRead(raw[offset..], out EntryReader entry) != EntryStatus.Valid)
                throw history.FileAt(file).Corruption(block, "the block does not consist of entries");
            var place = new EntryPlace(file, block, offset, entry.Bytes.Length);
            target.Add(new Located(entry.Hlc, entry.Author, entry.ComputeId(), entry.Previous, place));
            offset += entry.Bytes.Length;
        }

        if (count != history.FileAt(file).BlockAt(block).EntryCount)
            throw history.FileAt(file).Corruption(block, "the block has another number of entries than its index says");
    }

    private readonly record struct Located(HlcTimestamp Hlc, AuthorKey Author, EntryId Id, EntryId Previous, EntryPlace Place)
    {
        public int CompareTo(Located other)
        {
            int order = Hlc.CompareTo(other.Hlc);
            if (order == 0)
                order = Author.CompareTo(other.Author);
            return order != 0 ? order : Id.CompareTo(other.Id);
        }
    }
}
