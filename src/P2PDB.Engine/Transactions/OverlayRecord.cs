namespace P2PDB.Engine.Transactions;

// OVERLAY RECORD, value of a key in a transaction's write set; it never leaves memory.
//    0  u8   0 the key is deleted, 1 the key has the value that follows
//    1  …    value: a row image in the table's present layout, or nothing in an index tree

/// <summary>The form of values in a transaction's write set.</summary>
internal static class OverlayRecord
{
    /// <summary>First byte of a record that hides the committed one.</summary>
    public const byte Deleted = 0;

    /// <summary>First byte of a record that carries a value.</summary>
    public const byte Present = 1;

    /// <summary>True where the transaction deleted the key.</summary>
    public static bool IsDeleted(ReadOnlySpan<byte> record) => record[0] == Deleted;

    /// <summary>The value behind the tag.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> record) => record[1..];
}
