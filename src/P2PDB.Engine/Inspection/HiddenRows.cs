using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// Rows that UNIQUE hides now: one conflict for each key that another row has. Goes through the rows of tables with UNIQUE indexes, in the
/// order of their keys.
/// </summary>
internal sealed class HiddenRows(
    StatementContext context, StoreSnapshot snapshot, RecordKeys keys, ChainDirectory chains, Func<string, bool> isWanted)
{
    private const int StepCount = 4096;

    private readonly RowStamps _stamps = new();
    private readonly RecordBuffer _other = new();
    private Cursor? _claims;

    /// <summary>Those of a database.</summary>
    public IEnumerable<Conflict> Read(Hash256 database)
    {
        List<Conflict> found = [];
        try
        {
            foreach (TableSchema table in (snapshot.Companion as NodeSchema)?.Find(database)?.Tables ?? [])
            {
                if (!table.HasUniqueIndexes || !isWanted(table.Name))
                    continue;
                LoggedTable logged = LoggedTable.Find(snapshot, database, table.Id);
                using Cursor cursor = snapshot.OpenCursor(table.RowTree);
                int count = 0;
                for (bool isValid = cursor.SeekFirst(); isValid; isValid = cursor.Next())
                {
                    if (++count % StepCount == 0)
                        context.ThrowIfStopped();
                    if ((cursor.Value[0] & (StoredRow.HiddenFlag | StoredRow.DeadFlag)) != StoredRow.HiddenFlag)
                        continue;
                    found.Clear();
                    Add(table, logged, cursor.Key, cursor.Value, found);
                    foreach (Conflict conflict in found)
                        yield return conflict;
                }
            }
        }
        finally
        {
            _claims?.Dispose();
        }
    }

    private void Add(TableSchema table, LoggedTable logged, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record, List<Conflict> found)
    {
        StoredRow row = StoredRow.Read(record);
        LayoutMap map = table.Map(row.LayoutNumber);
        using var claim = new ByteWriter();
        foreach (IndexSchema index in table.Indexes)
        {
            if (!index.IsUnique || !RowVisibility.TryClaim(table, index, record, claim) || FindHolder(index, claim.Written) is not { } holder
                || !snapshot.TryGet(table.RowTree, holder, _other))
            {
                continue;
            }

            StoredRow other = StoredRow.Read(_other.Span);
            LayoutMap otherMap = table.Map(other.LayoutNumber);
            DefinitionStamp lost = ClaimedAt(table, index, map, row);
            DefinitionStamp kept = ClaimedAt(table, index, otherMap, other);
            found.Add(new Conflict(
                Conflict.HiddenRow, table.Name, keys.ToText(logged, key, map.Stored, row.Image), index.Name, "unique",
                lost, ValueText.ToBytes(ValueText.ToJson(context.Evaluation, logged, map.Stored, row.Image, DefinitionStamp.Latest)),
                kept, keys.ToText(logged, holder, otherMap.Stored, other.Image),
                ValueText.ToBytes(ValueText.ToJson(context.Evaluation, logged, otherMap.Stored, other.Image, DefinitionStamp.Latest))));
        }
    }

    private DefinitionStamp ClaimedAt(TableSchema table, IndexSchema index, LayoutMap map, in StoredRow row)
    {
        _stamps.Load(row, map.Stored.Columns.Length, chains);
        return chains.Expand(RowVisibility.ClaimedAt(table, index, map, _stamps, chains));
    }

    /// <summary>The primary key of the row that is shown with a key of an index.</summary>
    private byte[]? FindHolder(IndexSchema index, ReadOnlySpan<byte> claim)
    {
        Cursor cursor = _claims = snapshot.OpenCursor(index.Tree, _claims);
        for (bool isValid = cursor.SeekGe(claim); isValid && cursor.Key.StartsWith(claim); isValid = cursor.Next())
        {
            IndexEntry entry = IndexEntry.Read(cursor.Key, cursor.Value);
            if (entry.IndexKey.Length == claim.Length && !entry.IsHidden)
                return entry.PrimaryKey.ToArray();
        }

        return null;
    }
}
