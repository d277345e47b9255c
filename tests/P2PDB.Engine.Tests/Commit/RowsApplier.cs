using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>The least that applying can be: a set of keys for each database, the last stamp of a key wins.</summary>
internal sealed class RowsApplier : IEntryApplier, IDisposable
{
    private readonly Dictionary<DatabaseId, SortedDictionary<string, (Stamp Stamp, string Image)>> _rows = [];
    private readonly ChunkBuffer _chunks = new();

    /// <summary>Entries and transactions applied.</summary>
    public int ApplyCount { get; private set; }

    /// <summary>Commit numbers published.</summary>
    public List<long> Published { get; } = [];

    public IReadOnlyDictionary<string, (Stamp Stamp, string Image)> RowsOf(DatabaseId database) =>
        _rows.TryGetValue(database, out var rows) ? rows : [];

    public bool TryReserve(long length) => true;

    public void Begin()
    {
    }

    public EntryStanding Apply(DatabaseLog log, EntryGroup entries)
    {
        if (!_rows.TryGetValue(log.Id, out var rows))
            _rows[log.Id] = rows = new(StringComparer.Ordinal);
        _chunks.Clear();
        for (int i = 0; i < entries.Count; i++)
        {
            if (!entries.TryLoad(i))
                return EntryStanding.Void;
        }

        for (int i = 0; i < entries.Count; i++)
        {
            Assert.True(entries.TryLoad(i));
            OpReader ops = entries.Body.Ops;
            while (ops.MoveNext())
            {
                if (!_chunks.TryJoin(ops, out ReadOnlySpan<byte> payload) || !ops.Kind.IsRow())
                    continue;
                if (!OpReader.TryReadRow(ops.Kind, payload, 1, out RowOp row))
                    return EntryStanding.Void;
                var stamp = new Stamp(entries.Entry.Hlc, entries.Position.Chain, (uint)ops.OpIndex);
                string key = Convert.ToHexString(row.Key);
                if (!rows.TryGetValue(key, out var known) || log.Compare(known.Stamp, stamp) < 0)
                    rows[key] = (stamp, Convert.ToHexString(row.Image));
            }
        }

        ApplyCount++;
        return EntryStanding.Effective;
    }

    public void Publish(long commitNumber) => Published.Add(commitNumber);

    public void Drop(DatabaseLog log) => _rows.Remove(log.Id);

    public void Dispose() => _chunks.Dispose();
}
