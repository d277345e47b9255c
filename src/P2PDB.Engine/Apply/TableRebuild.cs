// WHEN A DEFINITION CHANGES
//
// Index trees and visibility flags are functions of the rows and the schema. What of the schema they depend on is written
// down as bytes, a form per index: its kind, and for each part the column, the prefix, the key encoding, the stored form
// that can be read, the types it is converted from and the fill. An index whose form did not change keeps its tree; those
// that came or changed are filled (IndexFill). If a unique index came, went or changed, the rows that share one of its keys,
// and those that are hidden, are settled anew: the keys that rows share are found by walking the trees of unique indexes. If a
// row is found that is misplaced now and was not, or the other way round, as where an index has no room for its key, the
// flags of all rows are made anew and all indexes filled. All of it looks at the result alone, so it does not matter in which
// order definitions and rows arrived; and none of it needs memory for more than the rows that share keys.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Brings the trees of a table in line with a new schema; see the prose above.</summary>
internal sealed class TableRebuild(RowWriter rows, ScratchSpace scratch) : IDisposable
{
    /// <summary>Name under which the form of the primary key is kept, which no index can have.</summary>
    private const string KeyForm = "";

    private readonly UniqueView _uniqueView = new(rows);
    private readonly RowVisibility _visibility = new();

    /// <summary>
    /// Gives trees to the indexes of <paramref name="schema"/>, which <paramref name="build"/> makes once the trees are known,
    /// and fills those that are new. A null schema drops all indexes.
    /// </summary>
    public void Run(
        AppliedTable table, StampOrder order, TableSchema? schema, Func<TreeId> newTree, Func<TableSchema> build)
    {
        Dictionary<string, byte[]> forms = FormsOf(schema);
        bool isUniqueChanged = IsUniqueChanged(table.BuiltForms, forms);
        bool mayPlacesChange = schema is not null && MayPlacesChange(table, forms, schema);
        bool arePlacesChanged = mayPlacesChange && ArePlacesChanged(table, schema!);
        DropStale(table, forms, isAllStale: arePlacesChanged);
        if (schema is null)
        {
            table.SetSchema(null);
            return;
        }

        List<string> missing = [];
        foreach (IndexSchema index in schema.Indexes)
        {
            string lower = CatalogIds.Lower(index.Name);
            if (table.Place.IndexTrees.TryAdd(lower, default))
            {
                table.Place.IndexTrees[lower] = newTree();
                missing.Add(lower);
            }
        }

        bool isNew = table.Schema is null;
        bool hadUnique = table.UniqueIndexes.Length > 0;
        bool isCounted = table.Schema?.AutoIncrementOrdinal >= 0;
        TableSchema built = build();
        table.SetSchema(built);
        foreach ((string name, byte[] form) in forms)
            table.BuiltForms[name] = form;
        table.AreLinksStale |= isNew || (table.Links is not null && mayPlacesChange);
        if (arePlacesChanged)
            SettlePlaces(table, isReported: !isNew);
        if (missing.Count > 0)
            Fill(table, missing);
        if (isUniqueChanged || arePlacesChanged)
            SettleHidden(table, order, mayHaveHidden: isNew || hadUnique, isReported: !isNew);
        if (!isCounted && built.AutoIncrementOrdinal >= 0)
            Count(table, built);
        if (isNew)
            ReportAll(table);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _uniqueView.Dispose();
        _visibility.Dispose();
    }

    /// <summary>True where the primary key is another, or an index came, went or changed that may lack the room for a row's key.</summary>
    private static bool MayPlacesChange(AppliedTable table, Dictionary<string, byte[]> forms, TableSchema schema) =>
        !HasForm(table.BuiltForms, KeyForm, forms[KeyForm])
        || HasOtherLongKeys(schema, table.BuiltForms, forms) || HasOtherLongKeys(table.Schema, forms, table.BuiltForms);

    /// <summary>True where a row would be misplaced under the new schema that was not, or no longer.</summary>
    private bool ArePlacesChanged(AppliedTable table, TableSchema schema)
    {
        using Cursor cursor = rows.Writer.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            ReadOnlySpan<byte> record = cursor.Value;
            bool isWithout = (record[0] & StoredRow.DeadFlag) != 0 && !RowVisibility.IsIndexed(record);
            bool wasMisplaced = (record[0] & StoredRow.MisplacedFlag) != 0;
            if (!isWithout && wasMisplaced != _visibility.IsMisplaced(schema, cursor.Key, StoredRow.Read(record)))
                return true;
        }

        return false;
    }

    /// <summary>True where a schema has an index that may lack the room whose form is among <paramref name="own"/> and not among the others.</summary>
    private static bool HasOtherLongKeys(TableSchema? schema, Dictionary<string, byte[]> others, Dictionary<string, byte[]> own)
    {
        foreach (IndexSchema index in schema?.Indexes ?? [])
        {
            string name = CatalogIds.Lower(index.Name);
            if (IndexKeys.MayBeTooLong(schema!, index) && own.TryGetValue(name, out byte[]? form) && !HasForm(others, name, form))
                return true;
        }

        return false;
    }

    private void DropStale(AppliedTable table, Dictionary<string, byte[]> forms, bool isAllStale)
    {
        List<string> stale = [];
        foreach (string name in table.BuiltForms.Keys)
        {
            if (isAllStale || !forms.TryGetValue(name, out byte[]? form)
                || !form.AsSpan().SequenceEqual(table.BuiltForms[name]))
            {
                stale.Add(name);
            }
        }

        foreach (string name in stale)
        {
            table.BuiltForms.Remove(name);
            if (table.Place.IndexTrees.Remove(name, out TreeId tree))
                rows.DropTree(tree);
        }
    }

    /// <summary>Finds out anew which rows are misplaced, and rewrites the records of which it changed. A misplaced row is not hidden.</summary>
    private void SettlePlaces(AppliedTable table, bool isReported)
    {
        TableSchema schema = table.Schema!;
        RecordBuffer buffer = new();
        var rowKeys = new RowKeys(rows.Writer, table.RowTree);
        while (rowKeys.Next() is { } keys)
        {
            foreach (byte[] key in keys)
            {
                rows.Writer.TryGet(table.RowTree, key, buffer);
                ReadOnlySpan<byte> record = buffer.Span;
                byte flags = (byte)(record[0] & ~StoredRow.MisplacedFlag);
                bool isDead = (flags & StoredRow.DeadFlag) != 0;
                if ((!isDead || RowVisibility.IsIndexed(record)) && _visibility.IsMisplaced(schema, key, StoredRow.Read(record)))
                    flags = (byte)((flags & ~StoredRow.ViewFlags) | (isDead ? 0 : StoredRow.MisplacedFlag));
                if (flags != record[0])
                    Rewrite(table, key, flags, isReported);
            }
        }
    }

    /// <summary>Finds out anew which rows unique indexes hide: among those that share a key, and those that are hidden.</summary>
    private void SettleHidden(AppliedTable table, StampOrder order, bool mayHaveHidden, bool isReported)
    {
        HashSet<byte[]> concerned = new(ByteArrayEquality.Instance);
        foreach (IndexSchema index in table.UniqueIndexes)
            AddSharers(table, index, concerned);
        if (mayHaveHidden)
            AddHidden(table, concerned);

        List<Claimant> claimants = [];
        RecordBuffer record = new();
        foreach (byte[] key in concerned)
        {
            rows.Writer.TryGet(table.RowTree, key, record);
            if (!RowVisibility.IsClaiming(record.Span))
                continue;
            claimants.Add(_uniqueView.Read(table, order, key, record.Span));
        }

        UniqueView.Show(claimants, order);
        foreach (Claimant claimant in claimants)
        {
            if (claimant.IsHidden != claimant.WasHidden)
                rows.SetHidden(table, claimant.PrimaryKey, claimant.IsHidden, isReported);
        }
    }

    /// <summary>Adds the rows of which another has the same key in a unique index. Keys with a NULL in them claim nothing.</summary>
    private void AddSharers(AppliedTable table, IndexSchema index, HashSet<byte[]> concerned)
    {
        RecordBuffer record = new();
        using ByteWriter previousKey = new(), previousRow = new(), claim = new();
        bool hasPrevious = false, isShared = false, isClaim = false;
        using Cursor cursor = rows.Writer.OpenCursor(index.Tree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            IndexEntry entry = IndexEntry.Read(cursor.Key, cursor.Value);
            if (hasPrevious && entry.IndexKey.SequenceEqual(previousKey.Written))
            {
                if (!isShared)
                {
                    rows.Writer.TryGet(table.RowTree, entry.PrimaryKey, record);
                    isClaim = RowVisibility.TryClaim(table.Schema!, index, record.Span, claim);
                    if (isClaim)
                        concerned.Add(previousRow.Written.ToArray());
                }

                isShared = true;
                if (isClaim)
                    concerned.Add(entry.PrimaryKey.ToArray());
                continue;
            }

            (hasPrevious, isShared) = (true, false);
            previousKey.Clear();
            previousKey.Write(entry.IndexKey);
            previousRow.Clear();
            previousRow.Write(entry.PrimaryKey);
        }
    }

    private void AddHidden(AppliedTable table, HashSet<byte[]> concerned)
    {
        using Cursor cursor = rows.Writer.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            if ((cursor.Value[0] & StoredRow.HiddenFlag) != 0)
                concerned.Add(cursor.Key.ToArray());
        }
    }

    private void Rewrite(AppliedTable table, byte[] key, byte flags, bool isReported)
    {
        RecordBuffer buffer = new();
        rows.Writer.TryGet(table.RowTree, key, buffer);
        byte[] previous = buffer.Span.ToArray();
        byte[] next = buffer.Span.ToArray();
        next[0] = flags;
        rows.Writer.Put(table.RowTree, key, next);
        if (isReported)
            rows.Report(table.Schema!, key, previous, next);
    }

    /// <summary>A table that appears may have rows already, from entries that came before the one that created it.</summary>
    private void ReportAll(AppliedTable table)
    {
        using Cursor cursor = rows.Writer.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
            rows.Report(table.Schema!, cursor.Key, default, cursor.Value);
    }

    private void Fill(AppliedTable table, List<string> names)
    {
        List<IndexSchema> indexes = [];
        foreach (IndexSchema index in table.Schema!.Indexes)
        {
            if (names.Contains(CatalogIds.Lower(index.Name)))
                indexes.Add(index);
        }

        using var fill = new IndexFill(rows.Writer, [.. indexes], scratch);
        fill.Run(table.Schema!, table.RowTree);
    }

    private void Count(AppliedTable table, TableSchema schema)
    {
        using Cursor cursor = rows.Writer.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            StoredRow row = StoredRow.Read(cursor.Value);
            CounterWatch.Observe(schema, schema.Map(row.LayoutNumber), row.Image);
        }
    }

    private static bool IsUniqueChanged(Dictionary<string, byte[]> before, Dictionary<string, byte[]> after)
    {
        foreach ((string name, byte[] form) in before)
        {
            if (IsUnique(form) && !HasForm(after, name, form))
                return true;
        }

        foreach ((string name, byte[] form) in after)
        {
            if (IsUnique(form) && !HasForm(before, name, form))
                return true;
        }

        return false;
    }

    private static bool HasForm(Dictionary<string, byte[]> forms, string name, byte[] form) =>
        forms.TryGetValue(name, out byte[]? found) && found.AsSpan().SequenceEqual(form);

    private static bool IsUnique(byte[] form) => form[0] != (byte)IndexKind.Plain;

    private static Dictionary<string, byte[]> FormsOf(TableSchema? schema)
    {
        Dictionary<string, byte[]> forms = new(StringComparer.Ordinal);
        if (schema is null)
            return forms;
        using ByteWriter writer = new();
        foreach (IndexSchema index in schema.Indexes)
            forms[CatalogIds.Lower(index.Name)] = IndexForm.Of(writer, schema, index);
        if (schema.PrimaryKey is { } key)
            forms[KeyForm] = IndexForm.Of(writer, schema, key);
        else
            forms[KeyForm] = [(byte)IndexKind.Primary];
        return forms;
    }
}
