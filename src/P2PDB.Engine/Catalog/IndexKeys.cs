using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog;

/// <summary>Encodes the keys under which rows stand in the trees of a table, by which they are locked and searched.</summary>
internal static class IndexKeys
{
    /// <summary>
    /// Bytes of a key in a tree at most: of a primary key, and of an index key with the primary key behind it. MySQL's 3,072
    /// bytes of columns, encoded as weights, seldom come near it. A row with a longer primary key has no place in the log; one
    /// with a longer key in an index is not shown, see <see cref="AreTooLong"/>.
    /// </summary>
    public const int LengthMax = 8_000;

    /// <summary>
    /// Most bytes of a key for a byte of text, of all collations: U+FDFA, three bytes, has 18 weights of two bytes, each of which
    /// is two bytes where it is zero.
    /// </summary>
    public const int GrowthMax = 24;

    /// <summary>Bytes of a part that is no string, or around one that is, at most.</summary>
    private const int FixedLengthMax = 40;

    /// <summary>
    /// Appends the key of a row in one index: its own columns only, without the primary key that follows it in a tree.
    /// False where a column of it is NULL: such a key is in the index, but claims nothing from a UNIQUE one.
    /// </summary>
    public static bool Append(
        ByteWriter target, TableSchema table, IndexSchema index, LayoutMap map, ReadOnlySpan<byte> image)
    {
        bool hasNoNull = true;
        foreach (IndexPart part in index.Parts)
        {
            ColumnSchema column = table.Columns[part.Ordinal];
            int position = map[part.Ordinal];
            if (map.ConversionOf(part.Ordinal) is { } conversion)
                hasNoNull &= Append(target, conversion.Convert(map.Stored.Layout, image, position), 0, part.PrefixLength);
            else if (position >= 0)
                hasNoNull &= AppendColumn(target, map.Stored.Layout, image, position, column.Type, part.PrefixLength);
            else
                hasNoNull &= AppendColumn(target, column.FillLayout, column.Fill, 0, column.Type, part.PrefixLength);
        }

        return hasNoNull;
    }

    /// <summary>
    /// True where an index of the table cannot hold a row: the key there, with the primary key behind it, would be too long. It
    /// depends on the row and the schema alone, so that all nodes say the same.
    /// </summary>
    public static bool AreTooLong(TableSchema table, LayoutMap map, ReadOnlySpan<byte> image, int primaryKeyLength)
    {
        foreach (IndexSchema index in table.Indexes)
        {
            if (IsTooLong(table, index, map, image, primaryKeyLength))
                return true;
        }

        return false;
    }

    /// <summary>As <see cref="AreTooLong"/>, for one index.</summary>
    public static bool IsTooLong(
        TableSchema table, IndexSchema index, LayoutMap map, ReadOnlySpan<byte> image, int primaryKeyLength)
    {
        // PERF: nearly all rows pass by the lengths of their columns, without being encoded.
        if (!MayBeTooLong(table, index, map, image, primaryKeyLength))
            return false;
        using var key = new ByteWriter();
        Append(key, table, index, map, image);
        return key.Length + primaryKeyLength > LengthMax;
    }

    /// <summary>True where the index has a part whose length depends on the value.</summary>
    public static bool HasStrings(TableSchema table, IndexSchema index)
    {
        foreach (IndexPart part in index.Parts)
        {
            if (table.Columns[part.Ordinal].Type.Physical == PhysicalKind.Bytes)
                return true;
        }

        return false;
    }

    /// <summary>
    /// True where a row's key in the index may have no room: its own parts, or the primary key behind them, may be long. What stands
    /// under a long key in a table whose primary key is of numbers is misplaced anyway.
    /// </summary>
    public static bool MayBeTooLong(TableSchema table, IndexSchema index) =>
        HasStrings(table, index) || table.PrimaryKey is not { } key || HasStrings(table, key);

    /// <summary>Appends one part of a key from a value of the column's type; false for NULL.</summary>
    public static bool Append(ByteWriter target, TableSchema table, IndexPart part, in SqlValue value)
    {
        SqlType type = table.Columns[part.Ordinal].Type;
        if (value.IsNull || part.PrefixLength == 0 || type.Physical != PhysicalKind.Bytes)
            KeyEncoder.Append(target, value, type);
        else
            KeyEncoder.AppendString(target, Prefix(value.Bytes.Span, type, part.PrefixLength), type.Collation);
        return !value.IsNull;
    }

    /// <summary>Appends one part of a key from a row of a vector of the column's type; false for NULL.</summary>
    public static bool Append(ByteWriter target, ColumnVector value, int row, int prefixLength)
    {
        if (value.IsNull(row) || prefixLength == 0 || value.Physical != PhysicalKind.Bytes)
            KeyEncoder.Append(target, value, row);
        else
            KeyEncoder.AppendString(target, Prefix(value.GetBytes(row), value.Type, prefixLength), value.Type.Collation);
        return !value.IsNull(row);
    }

    /// <summary>The leading characters of a text, or bytes of a binary string, that a prefix index holds.</summary>
    public static ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> value, SqlType type, int length)
    {
        if (value.Length <= length)
            return value;
        if (!type.IsText)
            return value[..length];
        int offset = 0;
        for (; offset < value.Length; offset++)
        {
            // A character begins at every byte that is not a continuation byte.
            if ((value[offset] & 0xC0) != 0x80 && length-- == 0)
                break;
        }

        return value[..offset];
    }

    private static bool MayBeTooLong(
        TableSchema table, IndexSchema index, LayoutMap map, ReadOnlySpan<byte> image, int primaryKeyLength)
    {
        long length = primaryKeyLength;
        foreach (IndexPart part in index.Parts)
        {
            length += FixedLengthMax;
            if (table.Columns[part.Ordinal].Type.Physical != PhysicalKind.Bytes)
                continue;
            if (map.ConversionOf(part.Ordinal) is not null)
                return true;
            length += GrowthMax * (long)ValueAt(table, map, image, part.Ordinal).Length;
        }

        return length > LengthMax;
    }

    /// <summary>The bytes of a string; none for NULL.</summary>
    private static ReadOnlySpan<byte> ValueAt(TableSchema table, LayoutMap map, ReadOnlySpan<byte> image, int ordinal)
    {
        int position = map[ordinal];
        if (position >= 0)
            return RowLayout.IsNull(image, position) ? default : map.Stored.Layout.GetBytes(image, position);
        ColumnSchema column = table.Columns[ordinal];
        return RowLayout.IsNull(column.Fill, 0) ? default : column.FillLayout.GetBytes(column.Fill, 0);
    }

    private static bool AppendColumn(
        ByteWriter target, RowLayout layout, ReadOnlySpan<byte> image, int position, SqlType type, int prefixLength)
    {
        bool isNull = RowLayout.IsNull(image, position);
        if (isNull || prefixLength == 0 || type.Physical != PhysicalKind.Bytes)
            KeyEncoder.Append(target, layout, image, position, type);
        else
            KeyEncoder.AppendString(target, Prefix(layout.GetBytes(image, position), type, prefixLength), type.Collation);
        return !isNull;
    }
}
