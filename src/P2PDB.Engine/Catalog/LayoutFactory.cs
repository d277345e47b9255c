using System.Collections.Concurrent;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>Makes layouts of stored columns, and says which stored forms a column's type can read.</summary>
internal static class LayoutFactory
{
    private static readonly ConcurrentDictionary<(StorageCode Code, byte Scale), RowLayout> OfOneColumn = new();

    /// <summary>The layout of stored columns.</summary>
    public static RowLayout Create(ReadOnlySpan<StoredColumn> columns)
    {
        StorageCode[] codes = new StorageCode[columns.Length];
        byte[] scales = new byte[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            (codes[i], scales[i]) = (columns[i].Code, columns[i].Scale);
        return new RowLayout(codes, scales);
    }

    /// <summary>The layout of one column of a type: that of a fill. There is one for each stored form.</summary>
    public static RowLayout Create(SqlType type) =>
        OfOneColumn.GetOrAdd((type.StorageCode, type.Scale), static form => new RowLayout([form.Code], [form.Scale]));

    /// <summary>The layout of one stored column. There is one for each form.</summary>
    public static RowLayout Create(StoredColumn column) =>
        OfOneColumn.GetOrAdd((column.Code, column.Scale), static form => new RowLayout([form.Code], [form.Scale]));

    /// <summary>The form in which a column of a type is stored.</summary>
    public static StoredColumn FormOf(ColumnId column, SqlType type) =>
        new(column, type.StorageCode, type.Kind == SqlTypeKind.Decimal ? type.Scale : (byte)0);

    /// <summary>
    /// True where every value of the stored form is a value of the type and is read without a conversion: the same form, an
    /// integer or float no wider, a decimal no wider and of the same scale.
    /// </summary>
    public static bool IsReadableAs(StoredColumn stored, SqlType type)
    {
        StorageCode own = type.StorageCode;
        if (own is StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32)
            return stored.Code >= StorageCode.Dec8 && stored.Code <= own && stored.Scale == type.Scale;
        if (stored.Code == own)
            return true;
        if (own == StorageCode.F64)
            return stored.Code == StorageCode.F32;
        if (!type.IsInteger || stored.Code is < StorageCode.I8 or > StorageCode.U64)
            return false;

        // I8 U8 I16 U16 … : the width grows with every second code; unsigned values fit the next wider signed type.
        bool isStoredUnsigned = ((int)stored.Code & 1) == 0;
        return isStoredUnsigned == type.IsUnsigned ? stored.Code <= own : isStoredUnsigned && stored.Code + 1 <= own;
    }
}
