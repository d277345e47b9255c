// FOREIGN KEYS AS A VIEW
//
// Merging cannot refuse a row whose parent another peer removed, nor keep that parent. What shows is settled in layers, each a
// function of the ones before it alone, so that nothing goes round in circles:
//
//   1. rows that live, by their registers
//   2. CASCADE hides a row that lives and whose parent does not live, whatever hides that parent
//   3. UNIQUE hides rows among those that are left (UniqueView)
//   4. RESTRICT and NO ACTION show a deleted row again that a row which shows references by its primary key
//   5. UNIQUE hides such rows, where others have their keys
//
// A row that stays (append) is never hidden by 2; its key works as in 4. SET NULL has no layer yet: the row shows the
// value that its writer gave it. Where no index finds the children, or no unique key the parents, a key shows nothing.
//
// What a write changed is noted while it is merged (TableLinks) and settled before it is published, layer by layer; a key that
// came, went or changed has all rows of its two tables looked at. All of it looks at the result alone, so neither the order of
// arrival counts nor how changes were put together in writes.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply.ForeignKeys;

/// <summary>Settles which rows foreign keys hide and which they show all the same; see the prose above.</summary>
internal sealed class ForeignKeyView(RowWriter rows, MergeFaults faults) : IDisposable
{
    private readonly RecordBuffer _record = new();
    private readonly RecordBuffer _other = new();
    private readonly ByteWriter _key = new();
    private readonly ByteWriter _otherKey = new();
    private Cursor? _cursor;

    /// <summary>Takes the foreign keys of a schema that is about to be published.</summary>
    public void Follow(AppliedDatabase database)
    {
        List<Link> links = [];
        foreach (TableSchema table in database.Schema!.Tables)
        {
            foreach (ForeignKeySchema key in database.Schema.ForeignKeysOf(table.Id))
            {
                if (Link.Of(key, database) is { } link)
                    links.Add(link);
            }
        }

        IReadOnlyList<Link> before = database.Links;
        database.Links = links;
        foreach (AppliedTable table in database.Tables.Values)
            table.Links = null;
        foreach (Link link in links)
        {
            (link.Child.Links ??= new TableLinks(link.Child, database.LinkChanges)).ToParents.Add(link);
            (link.Parent.Links ??= new TableLinks(link.Parent, database.LinkChanges)).ToChildren.Add(link);
        }

        if (!database.IsRestored)
            NoteChanged(database, before);
        database.LinkChanges.Keys.RemoveWhere(key => !links.Contains(key.Owner));
        database.IsRestored = false;
    }

    /// <summary>Settles what the write under way changed. The trees hold the changes already, those of plain indexes too.</summary>
    public void Settle(AppliedDatabase database)
    {
        LinkChanges changes = database.LinkChanges;
        AppliedTable[] tables = [.. changes.Tables];
        OwnedKey<Link>[] keys = faults.AreChildrenForgotten ? [] : [.. changes.Keys];
        OwnedKey<AppliedTable>[] touched = [.. changes.Rows];
        changes.Keys.Clear();
        foreach (AppliedTable table in tables)
            SettleAll(table, database.Chains, areDead: false);
        foreach (OwnedKey<Link> key in keys)
            SettleChildren(key.Owner, database.Chains, key.Key);
        foreach (OwnedKey<AppliedTable> row in touched)
            SettleRow(row.Owner, database.Chains, row.Key, isDead: false);

        // What was hidden or shown by now has put further rows among these.
        touched = faults.AreParentsForgotten ? [] : [.. changes.Rows];
        foreach (AppliedTable table in tables)
            SettleAll(table, database.Chains, areDead: true);
        foreach (OwnedKey<AppliedTable> row in touched)
            SettleRow(row.Owner, database.Chains, row.Key, isDead: true);
        changes.Rows.Clear();
        changes.Tables.Clear();
    }

    /// <summary>Ends with a write.</summary>
    public void End()
    {
        _cursor?.Dispose();
        _cursor = null;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        End();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private void NoteChanged(AppliedDatabase database, IReadOnlyList<Link> before)
    {
        Dictionary<(AppliedTable Child, string Name), Link> former = [];
        foreach (Link link in before)
            former.Add((link.Child, CatalogIds.Lower(link.Key.Name)), link);
        foreach (Link link in database.Links)
        {
            if (former.Remove((link.Child, CatalogIds.Lower(link.Key.Name)), out Link? known) && link.IsSameAs(known))
            {
                database.LinkChanges.Rename(known, link);
                continue;
            }

            NoteChanged(database, link);
            if (known is not null)
                NoteChanged(database, known);
        }

        foreach (Link link in former.Values)
            NoteChanged(database, link);
        foreach (AppliedTable table in database.Tables.Values)
        {
            if (table.AreLinksStale && HasRows(table))
                database.LinkChanges.AddTable(table);
            table.AreLinksStale = false;
        }
    }

    private void NoteChanged(AppliedDatabase database, Link link)
    {
        // Of a table that references nothing there is nothing to say; rows that went with it were noted as they went.
        if (!HasRows(link.Child))
            return;
        database.LinkChanges.Tables.Add(link.Child);
        database.LinkChanges.Tables.Add(link.Parent);
    }

    private bool HasRows(AppliedTable table)
    {
        _cursor = rows.Writer.OpenCursor(table.RowTree, _cursor);
        return _cursor.SeekFirst();
    }

    private void SettleAll(AppliedTable table, StampOrder order, bool areDead)
    {
        if (table.Schema is null)
            return;
        var keys = new RowKeys(rows.Writer, table.RowTree);
        while (keys.Next() is { } page)
        {
            foreach (byte[] key in page)
                SettleRow(table, order, key, areDead);
        }
    }

    private void SettleChildren(Link link, StampOrder order, byte[] key)
    {
        if (!link.Cascades || link.Child.Schema is null)
            return;
        var children = new LinkedRows(rows.Writer, link, key);
        while (children.Next() is { } page)
        {
            foreach (byte[] child in page)
                SettleRow(link.Child, order, child, isDead: false);
        }
    }

    /// <summary>Settles a row if it is there, and dead or not as is said.</summary>
    private void SettleRow(AppliedTable table, StampOrder order, byte[] key, bool isDead)
    {
        if (table.Schema is not { } schema || !rows.Writer.TryGet(table.RowTree, key, _record))
            return;
        byte flags = _record.Span[0];
        if ((flags & StoredRow.DeadFlag) != 0 != isDead || (flags & StoredRow.MisplacedFlag) != 0)
            return;
        bool isOverruled = isDead
            ? IsHeld(table, key) && !rows.IsMisplaced(schema, key, _record.Span)
            : !StoredRow.IsAppendedRecord(_record.Span) && IsOrphan(table);
        if (isOverruled != ((flags & StoredRow.OverruledFlag) != 0))
            rows.SetOverruled(table, order, key, isOverruled);
    }

    /// <summary>True where the row in the buffer goes with a parent that does not live.</summary>
    private bool IsOrphan(AppliedTable table)
    {
        foreach (Link link in table.Links?.ToParents ?? [])
        {
            if (link.Cascades && link.TryWriteChildKey(_record.Span, _key) && !HasLiveParent(link, _key.Written))
                return true;
        }

        return false;
    }

    private bool HasLiveParent(Link link, ReadOnlySpan<byte> key)
    {
        if (link.ParentKey.IsPrimary)
            return rows.Writer.TryGet(link.Parent.RowTree, key, _other) && RowVisibility.IsLive(_other.Span);
        Cursor cursor = _cursor = rows.Writer.OpenCursor(link.ParentKey.Tree, _cursor);
        for (bool isValid = cursor.SeekGe(key); isValid && cursor.Key.StartsWith(key); isValid = cursor.Next())
        {
            IndexEntry entry = IndexEntry.Read(cursor.Key, cursor.Value);
            if (entry.IndexKey.Length == key.Length
                && rows.Writer.TryGet(link.Parent.RowTree, entry.PrimaryKey, _other) && RowVisibility.IsLive(_other.Span))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where a row that lives and shows references this one and keeps it.</summary>
    private bool IsHeld(AppliedTable table, byte[] key)
    {
        foreach (Link link in table.Links?.ToChildren ?? [])
        {
            if (!link.ParentKey.IsPrimary)
                continue;
            var children = new LinkedRows(rows.Writer, link, key);
            while (children.Next() is { } page)
            {
                foreach (byte[] child in page)
                {
                    if (rows.Writer.TryGet(link.Child.RowTree, child, _other) && IsShownChild(link, key))
                        return true;
                }
            }
        }

        return false;
    }

    private bool IsShownChild(Link link, byte[] key) =>
        RowVisibility.IsLive(_other.Span) && StoredRow.IsVisibleRecord(_other.Span) && link.Holds(_other.Span)
        && link.TryWriteChildKey(_other.Span, _otherKey) && _otherKey.Written.SequenceEqual(key);
}
