using System.Buffers.Binary;

namespace P2PDB.Engine.Transactions;

// OVERLAY RECORD, value of a key in a transaction's write set, little-endian; it never leaves memory.
//    0  u8   1 the key has a value, else it is deleted; 2 columns of the row merge by a policy, or did
//    1  i32  with 1: number of the table's layout that the image is in; 0 in an index tree
//    …  i32  with 2: length of the marks, bytes; then the marks that the transaction gave the row so far (CellMarks), or none
//    …       with 1: row image, or nothing in an index tree

/// <summary>The form of values in a transaction's write set.</summary>
internal static class OverlayRecord
{
    /// <summary>First byte of a record that hides the committed one.</summary>
    public const byte Deleted = 0;

    /// <summary>First byte of a record that carries a value.</summary>
    public const byte Present = 1;

    /// <summary>Bytes before the image.</summary>
    public const int HeaderLength = 5;

    /// <summary>Added to the first byte of a row's record where columns of it merge by a policy.</summary>
    public const byte Marked = 2;

    /// <summary>True where the transaction deleted the key.</summary>
    public static bool IsDeleted(ReadOnlySpan<byte> record) => (record[0] & Present) == 0;

    /// <summary>True where columns of the row merge by a policy, or did.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> record) => (record[0] & Marked) != 0;

    /// <summary>The marks that the transaction gave the row.</summary>
    public static ReadOnlySpan<byte> Marks(ReadOnlySpan<byte> record)
    {
        if (!IsMarked(record))
            return default;
        int start = IsDeleted(record) ? 1 : HeaderLength;
        return record.Slice(start + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(record[start..]));
    }

    /// <summary>Number of the layout.</summary>
    public static int Layout(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record[1..]);

    /// <summary>The row image.</summary>
    public static ReadOnlySpan<byte> Image(ReadOnlySpan<byte> record) => IsMarked(record)
        ? record[(HeaderLength + sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(record[HeaderLength..]))..]
        : record[HeaderLength..];

    /// <summary>Fills in the header of a record with a value.</summary>
    public static void WriteHeader(Span<byte> record, int layout)
    {
        record[0] = Present;
        BinaryPrimitives.WriteInt32LittleEndian(record[1..], layout);
    }
}
