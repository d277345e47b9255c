using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>Finds in a row record whose write a column shows, without the order of stamps, which is Apply's.</summary>
internal static class ColumnWriter
{
    /// <summary>This node's number of the chain of the write that a column shows; -1 where nobody wrote it.</summary>
    /// <exception cref="InvalidDataException">The stamps are damaged.</exception>
    public static int ChainOf(in StoredRow row, StoredLayout layout, ColumnId column)
    {
        ByteReader reader = new(row.Stamps);
        int chain = ReadChain(ref reader);
        if ((row.Flags & StoredRow.ExistenceStampFlag) != 0)
            ReadChain(ref reader);
        if ((row.Flags & StoredRow.ColumnStampsFlag) == 0)
            return chain;
        if (!reader.TryReadVarint(layout.Columns.Length, out int count))
            throw Damaged();
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint(layout.Columns.Length - 1, out int position))
                throw Damaged();
            int own = ReadChain(ref reader);
            if (layout.Columns[position].Id == column)
                return own;
        }

        return chain;
    }

    private static int ReadChain(ref ByteReader reader)
    {
        if (!reader.TryReadUInt64(out ulong hlc) || !reader.TryReadVarint(int.MaxValue, out int chain) || !reader.TryReadVarint(out _))
            throw Damaged();
        return hlc == 0 ? -1 : chain;
    }

    private static InvalidDataException Damaged() => new("The stamps of a row are damaged.");
}
