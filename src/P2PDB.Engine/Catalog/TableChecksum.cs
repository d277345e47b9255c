using System.Buffers.Binary;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// The number CHECKSUM TABLE answers: the same on two nodes whose tables show the same rows, in whatever layouts they are
/// stored. The sum over all visible rows of 8 bytes of each row image's hash, so that order does not count; keys that no
/// column shows do not count either.
/// </summary>
internal static class TableChecksum
{
    /// <summary>Reads the whole table; rows changed by <paramref name="snapshot"/>'s successors are not seen.</summary>
    public static ulong Compute(StoreSnapshot snapshot, TableSchema table)
    {
        ulong sum = 0;
        using ByteWriter scratch = new();
        using Cursor cursor = snapshot.OpenCursor(table.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            if (!StoredRow.IsVisibleRecord(cursor.Value))
                continue;
            StoredRow row = StoredRow.Read(cursor.Value);
            Hash256 hash = Blake3.Hash(PresentImage.Of(table, row, scratch));
            sum = unchecked(sum + BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan()));
        }

        return sum & long.MaxValue; // MySQL's column is a signed BIGINT
    }
}
