using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog;

/// <summary>Encodes the keys under which rows stand in the trees of a table, by which they are locked and searched.</summary>
internal static class IndexKeys
{
    /// <summary>Bytes of a primary key at most: MySQL's 3,072, encoded as weights. A row with a longer one has no place in the log.</summary>
    public const int LengthMax = 16_384;

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
