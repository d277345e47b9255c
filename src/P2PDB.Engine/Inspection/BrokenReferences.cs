using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// Rows whose parents do not live: hidden with them, keeping them, or left alone, as the foreign key says. Goes through the rows of tables
/// with foreign keys, in the order of their keys.
/// </summary>
internal sealed class BrokenReferences(
    StatementContext context, StoreSnapshot snapshot, RecordKeys keys, ChainDirectory chains, Func<string, bool> isWanted) : IDisposable
{
    private const string Rule = "foreign key";
    private const int StepCount = 4096;

    private readonly RowStamps _stamps = new();
    private readonly RecordBuffer _parent = new();
    private readonly ByteWriter _key = new();
    private Cursor? _entries;

    /// <summary>Those of a database.</summary>
    public IEnumerable<Conflict> Read(Hash256 database)
    {
        DatabaseSchema? schema = (snapshot.Companion as NodeSchema)?.Find(database);
        foreach (TableSchema table in schema?.Tables ?? [])
        {
            IReadOnlyList<ForeignKeySchema> links = schema!.ForeignKeysOf(table.Id);
            if (links.Count == 0 || !isWanted(table.Name))
                continue;
            LoggedTable logged = LoggedTable.Find(snapshot, database, table.Id);
            using Cursor cursor = snapshot.OpenCursor(table.RowTree);
            int count = 0;
            for (bool isValid = cursor.SeekFirst(); isValid; isValid = cursor.Next())
            {
                if (++count % StepCount == 0)
                    context.ThrowIfStopped();
                foreach (ForeignKeySchema link in links)
                {
                    if (Find(database, link, logged, cursor.Key, cursor.Value) is { } conflict)
                        yield return conflict;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries?.Dispose();
        _key.Dispose();
    }

    private Conflict? Find(Hash256 database, ForeignKeySchema link, LoggedTable logged, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
    {
        bool isHidden = (record[0] & StoredRow.OverruledFlag) != 0;
        if (link.ParentKey is null || !RowVisibility.IsLive(record) || !(isHidden || StoredRow.IsVisibleRecord(record))
            || !RowVisibility.TryClaim(link.Child, link.ChildColumns, record, _key) || HasLiveParent(link))
        {
            return null;
        }

        StoredRow row = StoredRow.Read(record);
        LayoutMap map = link.Child.Map(row.LayoutNumber);
        _stamps.Load(row, map.Stored.Columns.Length, chains);
        DefinitionStamp named = chains.Expand(RowVisibility.ClaimedAt(link.Child, link.ChildColumns, map, _stamps, chains));
        byte[]? rowKey = keys.ToText(logged, key, map.Stored, row.Image);
        byte[]? values = ValueText.ToBytes(ValueText.ToJson(context.Evaluation, logged, map.Stored, row.Image, DefinitionStamp.Latest));
        bool isParentKnown = link.ParentKey.IsPrimary && snapshot.TryGet(link.Parent!.RowTree, _key.Written, _parent);
        if (!isParentKnown)
        {
            string kind = isHidden ? Conflict.HiddenRow : Conflict.LostParent;
            return new Conflict(kind, link.Child.Name, rowKey, link.Name, Rule, named, values, default, null, null);
        }

        StoredRow parent = StoredRow.Read(_parent.Span);
        LayoutMap parentMap = link.Parent!.Map(parent.LayoutNumber);
        LoggedTable parentLogged = LoggedTable.Find(snapshot, database, link.Parent.Id);
        _stamps.Load(parent, parentMap.Stored.Columns.Length, chains);
        DefinitionStamp ended = chains.Expand(_stamps.Existence);
        byte[]? parentKey = keys.ToText(parentLogged, _key.Written, parentMap.Stored, parent.Image);
        byte[]? parentValues = ValueText.ToBytes(
            ValueText.ToJson(context.Evaluation, parentLogged, parentMap.Stored, parent.Image, DefinitionStamp.Latest));
        return parent.IsVisible
            ? new Conflict(Conflict.KeptParent, link.Parent.Name, parentKey, link.Name, Rule, ended, parentValues, named, rowKey, values)
            : new Conflict(
                isHidden ? Conflict.HiddenRow : Conflict.LostParent, link.Child.Name, rowKey, link.Name, Rule, named, values, ended, parentKey, null);
    }

    private bool HasLiveParent(ForeignKeySchema link)
    {
        if (link.ParentKey!.IsPrimary)
            return snapshot.TryGet(link.Parent!.RowTree, _key.Written, _parent) && RowVisibility.IsLive(_parent.Span);
        Cursor cursor = _entries = snapshot.OpenCursor(link.ParentKey.Tree, _entries);
        for (bool isValid = cursor.SeekGe(_key.Written); isValid && cursor.Key.StartsWith(_key.Written); isValid = cursor.Next())
        {
            IndexEntry entry = IndexEntry.Read(cursor.Key, cursor.Value);
            if (entry.IndexKey.Length == _key.Length
                && snapshot.TryGet(link.Parent!.RowTree, entry.PrimaryKey, _parent) && RowVisibility.IsLive(_parent.Span))
            {
                return true;
            }
        }

        return false;
    }
}
