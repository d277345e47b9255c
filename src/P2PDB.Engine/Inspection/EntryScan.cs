using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// Goes through the held entries of all databases, chain by chain, which is how history has them; starts before the first. Leaves out
/// databases, chains and entries that the bounds on the <see cref="EntryColumns"/> rule out. What is named by its id is looked up, and
/// a range of seqs is gone to.
/// </summary>
internal sealed class EntryScan(NodeDatabases databases, StatementContext context, ScanBounds bounds)
{
    private const int BatchCount = 256;

    private readonly List<HeldEntry> _batch = [];
    private readonly List<EntryId>? _wanted = ReadIds(bounds.ValuesOf(EntryColumns.EntryId));
    private readonly (ulong First, ulong Last) _seqs = bounds.RangeOf(EntryColumns.Seq);
    private readonly List<(string Name, DatabaseLog Log)> _databases = databases.List();
    private int _database = -1;
    private EntryPosition _from;   // where the next batch begins
    private int _next;

    /// <summary>Name of the current database.</summary>
    public string DatabaseName => _databases[_database].Name;

    /// <summary>The current database's log.</summary>
    public DatabaseLog Log => _databases[_database].Log;

    /// <summary>The current entry.</summary>
    public HeldEntry Entry { get; private set; }

    /// <summary>Goes to the next entry; false after the last.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            while (_next < _batch.Count)
            {
                Entry = _batch[_next++];
                if (IsAdmitted(Entry))
                    return true;
            }

            context.ThrowIfStopped();
            _batch.Clear();
            _next = 0;
            if (!(_database >= 0 && _wanted is null && FillBatch()) && !NextDatabase())
                return false;
        }
    }

    /// <summary>A value of the current entry.</summary>
    public object? Value(int column) => column switch
    {
        EntryColumns.Database => DatabaseName,
        EntryColumns.Author => Entry.Author.ToString(),
        EntryColumns.Seq => Entry.Seq,
        EntryColumns.EntryId => Entry.Id.ToString(),
        EntryColumns.Time => EntryColumns.TimeOf(Entry.Hlc, context.Evaluation.TimeZone),
        _ => Entry.Hlc.Counter,
    };

    private bool NextDatabase()
    {
        while (++_database < _databases.Count)
        {
            if (!bounds.Admits(EntryColumns.Database, DatabaseName))
                continue;
            _from = new EntryPosition(-1, 0);
            foreach (EntryId id in _wanted ?? [])
            {
                if (Log.Held.TryFind(id, out HeldEntry entry))
                    _batch.Add(entry);
            }

            return true;
        }

        return false;
    }

    /// <summary>Takes the next entries of the database; false where there are no more.</summary>
    private bool FillBatch()
    {
        while (true)
        {
            if (_from.Chain >= 0)
                Log.Held.CopyTo(_batch, _from, BatchCount);
            if (_batch.Count > 0 && _batch[0].Seq <= _seqs.Last)
            {
                _from = _from with { Index = _from.Index + _batch.Count };
                return true;
            }

            _batch.Clear();
            if (!NextChain())
                return false;
        }
    }

    private bool NextChain()
    {
        int chains = Log.Held.ChainCount;
        for (int number = _from.Chain + 1; number < chains; number++)
        {
            if (!Log.Held.TryGetChain(number, out AuthorKey author, out ulong firstSeq, out int count)
                || _seqs.Last < firstSeq || _seqs.First >= firstSeq + (ulong)count
                || !bounds.Admits(EntryColumns.Author, author.ToString()))
            {
                continue;
            }

            _from = new EntryPosition(number, (int)(Math.Max(_seqs.First, firstSeq) - firstSeq));
            return true;
        }

        return false;
    }

    private bool IsAdmitted(in HeldEntry entry)
    {
        if (entry.Seq < _seqs.First || entry.Seq > _seqs.Last)
            return false;
        return IsAdmitted(EntryColumns.EntryId) && IsAdmitted(EntryColumns.Time) && (_wanted is null || IsAdmitted(EntryColumns.Author));
    }

    private bool IsAdmitted(int column) => !bounds.IsBound(column) || bounds.Admits(column, Value(column));

    /// <summary>The ids that are named; null where none are, or where something is no id and so may equal one in its own way.</summary>
    private static List<EntryId>? ReadIds(List<SqlValue>? texts)
    {
        if (texts is null)
            return null;
        List<EntryId> ids = [];
        Span<byte> id = stackalloc byte[Hash256.Length];
        foreach (SqlValue text in texts)
        {
            bool isId = text.Bytes.Length == 2 * Hash256.Length
                && Convert.FromHexString(text.Bytes.Span, id, out _, out int length) == System.Buffers.OperationStatus.Done && length == id.Length;
            if (!isId)
                return null;
            var named = new EntryId(new Hash256(id));
            if (!ids.Contains(named))
                ids.Add(named);
        }

        return ids;
    }
}
