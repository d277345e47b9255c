using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>Finds in a row record whose write a column shows, without the order of stamps, which is Apply's.</summary>
internal static class ColumnWriter
{
    /// <summary>The hybrid time of the write that a column shows, 0 where nobody wrote it, and this node's number of its chain.</summary>
    /// <exception cref="InvalidDataException">The stamps are damaged.</exception>
    public static (ulong Time, int Chain) WriteOf(in StoredRow row, StoredLayout layout, ColumnId column)
    {
        ByteReader reader = new(row.Stamps);
        (ulong Time, int Chain) write = ReadWrite(ref reader);
        if ((row.Flags & StoredRow.ExistenceStampFlag) != 0)
            ReadWrite(ref reader);
        if ((row.Flags & StoredRow.ColumnStampsFlag) == 0)
            return write;
        if (!reader.TryReadVarint(layout.Columns.Length, out int count))
            throw Damaged();
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint(layout.Columns.Length - 1, out int position))
                throw Damaged();
            (ulong Time, int Chain) own = ReadWrite(ref reader);
            if (layout.Columns[position].Id == column)
                return own;
        }

        return write;
    }

    private static (ulong Time, int Chain) ReadWrite(ref ByteReader reader)
    {
        if (!reader.TryReadUInt64(out ulong hlc) || !reader.TryReadVarint(int.MaxValue, out int chain) || !reader.TryReadVarint(out _))
            throw Damaged();
        return (hlc, chain);
    }

    private static InvalidDataException Damaged() => new("The stamps of a row are damaged.");
}
