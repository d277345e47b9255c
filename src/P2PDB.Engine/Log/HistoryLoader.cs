using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

// A file holds what the log took since the file before, so causes lie in the same file or in an earlier one: files are loaded one
// after the other, and no more than one file's entries need to be known at once. Within a file they are ordered by author, and the
// log takes causes before effects; so a file is read once to learn where each entry lies, and again in the one total order, what
// the log's mark covers first. A file that has an index need not be read; one that has none gets one.

/// <summary>Fills a database's log from its history files.</summary>
internal sealed class HistoryLoader : IDisposable
{
    private readonly HistoryFiles _history;
    private readonly DatabaseLog _log;
    private readonly EntryCheck? _check;
    private readonly ByteWriter _block = new();
    private List<Located> _entries = [];
    private bool _areInOrder;

    private HistoryLoader(HistoryFiles history, DatabaseLog log, EntryCheck? check)
    {
        _history = history;
        _log = log;
        _check = check;
    }

    /// <summary>Checks an entry before it is loaded; returns whether its own signature is valid.</summary>
    public delegate bool EntryCheck(in EntryReader entry, in EntryId id, in EntryPlace place);

    /// <summary>
    /// Loads all entries of <paramref name="history"/> into <paramref name="log"/>; with a check all are read, and links are checked too.
    /// </summary>
    public static void Load(HistoryFiles history, DatabaseLog log, EntryCheck? check = null)
    {
        using var loader = new HistoryLoader(history, log, check);
        for (int file = 0; file < history.FileCount; file++)
        {
            if (check is null && log.Indexed!.TryTake(file))
                continue;
            loader.LoadFile(file);
            if (check is null)
                log.Indexing!.Write(file);
        }

        history.ForgetBlocks();
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private void LoadFile(int file)
    {
        _entries.Clear();
        _areInOrder = true;
        for (int block = 0; block < _history.FileAt(file).BlockCount; block++)
        {
            _history.FileAt(file).ReadBlock(block, _block);
            Locate(file, block, _block.Written);
        }

        if (!_areInOrder)
            _entries.Sort(static (left, right) => left.CompareTo(right));
        if (_log.Mark is { } mark)
            PutCoveredFirst(mark);
        foreach (Located located in _entries)
            LoadEntry(located);
    }

    private void Locate(int file, int block, ReadOnlySpan<byte> raw)
    {
        int count = 0;
        for (int offset = 0; offset < raw.Length; count++)
        {
            if (EntryReader.TryRead(raw[offset..], out EntryReader entry) != EntryStatus.Valid)
                throw _history.FileAt(file).Corruption(block, "the block does not consist of entries");
            var place = new EntryPlace(file, block, offset, entry.Bytes.Length);
            var located = new Located(entry.Hlc, entry.Author, entry.ComputeId(), entry.Previous, place);
            _areInOrder &= _entries.Count == 0 || _entries[^1].CompareTo(located) < 0;
            _entries.Add(located);
            offset += entry.Bytes.Length;
        }

        if (count != _history.FileAt(file).BlockAt(block).EntryCount)
            throw _history.FileAt(file).Corruption(block, "the block has another number of entries than its index says");
    }

    /// <summary>
    /// Puts first what the mark covers of a file. Where the log still lacks the last entry of a marked chain after the file, all up to there is
    /// covered; where it had them all before, nothing is.
    /// </summary>
    private void PutCoveredFirst(LogMark mark)
    {
        HashSet<EntryId> covered = [];
        foreach (ChainMark chain in mark.Chains)
        {
            if (!_log.Contains(chain.Last))
                covered.Add(chain.Last);
        }

        int lastsFound = 0;
        foreach (Located located in _entries)
            lastsFound += covered.Contains(located.Id) ? 1 : 0;
        if (lastsFound == 0 || lastsFound < covered.Count)
            return;

        List<Located> first = [];
        List<Located> others = [];
        // Backwards: what an entry follows comes before it in the order.
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            bool isCovered = covered.Remove(_entries[i].Id);
            if (isCovered)
                covered.Add(_entries[i].Previous);
            (isCovered ? first : others).Add(_entries[i]);
        }

        first.Reverse();
        others.Reverse();
        first.AddRange(others);
        _entries = first;
    }

    private void LoadEntry(in Located located)
    {
        EntryReader.TryRead(_history.Read(located.Place), out EntryReader entry);
        bool isSigned = _check is not null && _check(entry, located.Id, located.Place);
        AppendStatus status = _log.Load(entry, located.Id, located.Place, isTrusted: _check is null, isSigned);
        if (status is not (AppendStatus.Appended or AppendStatus.AlreadyKnown))
        {
            throw _history.FileAt(located.Place.File).Corruption(located.Place.Block,
                $"entry {located.Id} does not follow the others ({status})");
        }
    }

    private readonly record struct Located(HlcTimestamp Hlc, AuthorKey Author, EntryId Id, EntryId Previous, EntryPlace Place)
    {
        public int CompareTo(in Located other)
        {
            int order = Hlc.CompareTo(other.Hlc);
            if (order == 0)
                order = Author.CompareTo(other.Author);
            return order != 0 ? order : Id.CompareTo(other.Id);
        }
    }
}
