using P2PDB.Engine.Catalog;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply.ForeignKeys;

/// <summary>The links of a table and to it. Notes what changes of its rows mean to rows of other tables.</summary>
internal sealed class TableLinks(AppliedTable table, LinkChanges changes)
{
    /// <summary>The links by which its rows reference others.</summary>
    public List<Link> ToParents { get; } = [];

    /// <summary>The links by which its rows are referenced.</summary>
    public List<Link> ToChildren { get; } = [];

    /// <summary>Notes that a row's record is another; an empty one is none.</summary>
    public void Note(ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> next)
    {
        using ByteWriter before = new(), after = new();
        bool wasLive = RowVisibility.IsLive(previous);
        bool isLive = RowVisibility.IsLive(next);
        bool isAppended = StoredRow.IsAppendedRecord(previous) != StoredRow.IsAppendedRecord(next);
        bool isNoted = wasLive != isLive || !isLive;
        foreach (Link link in ToParents)
        {
            bool named = wasLive && link.TryWriteChildKey(previous, before);
            bool names = isLive && link.TryWriteChildKey(next, after);
            if (named == names && (!named || before.Written.SequenceEqual(after.Written)) && !isAppended)
                continue;
            isNoted = true;
            if (named && link.Holds(previous))
                changes.AddRow(link.Parent, before.Written);
            if (names && link.Holds(next))
                changes.AddRow(link.Parent, after.Written);
        }

        foreach (Link link in ToChildren)
        {
            if (!link.Cascades)
                continue;
            bool gave = wasLive && link.TryWriteParentKey(previous, before);
            bool gives = isLive && link.TryWriteParentKey(next, after);
            if (gave == gives && (!gave || before.Written.SequenceEqual(after.Written)))
                continue;
            if (gave)
                changes.AddKey(link, before.Written);
            if (gives)
                changes.AddKey(link, after.Written);
        }

        if (isNoted && !next.IsEmpty)
            changes.AddRow(table, primaryKey);
    }

    /// <summary>Notes that a row shows now and did not, or no longer.</summary>
    public void NoteShown(ReadOnlySpan<byte> record)
    {
        if (!RowVisibility.IsLive(record))
            return;
        using var key = new ByteWriter();
        foreach (Link link in ToParents)
        {
            if (link.Holds(record) && link.TryWriteChildKey(record, key))
                changes.AddRow(link.Parent, key.Written);
        }
    }
}
