using System.Buffers.Binary;

namespace P2PDB.Engine.Transactions;

// OVERLAY RECORD, value of a key in a transaction's write set, little-endian; it never leaves memory.
//    0  u8   0 the key is deleted (nothing follows), 1 the key has a value
//    1  i32  number of the table's layout that the image is in; 0 in an index tree
//    5  …    row image, or nothing in an index tree

/// <summary>The form of values in a transaction's write set.</summary>
internal static class OverlayRecord
{
    /// <summary>First byte of a record that hides the committed one.</summary>
    public const byte Deleted = 0;

    /// <summary>First byte of a record that carries a value.</summary>
    public const byte Present = 1;

    /// <summary>Bytes before the image.</summary>
    public const int HeaderLength = 5;

    /// <summary>True where the transaction deleted the key.</summary>
    public static bool IsDeleted(ReadOnlySpan<byte> record) => record[0] == Deleted;

    /// <summary>Number of the layout.</summary>
    public static int Layout(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record[1..]);

    /// <summary>The row image.</summary>
    public static ReadOnlySpan<byte> Image(ReadOnlySpan<byte> record) => record[HeaderLength..];

    /// <summary>Fills in the header of a record with a value.</summary>
    public static void WriteHeader(Span<byte> record, int layout)
    {
        record[0] = Present;
        BinaryPrimitives.WriteInt32LittleEndian(record[1..], layout);
    }
}
