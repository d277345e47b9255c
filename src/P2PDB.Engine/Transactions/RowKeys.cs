using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Transactions;

/// <summary>Keys of rows in the trees of a table, from the values of a row.</summary>
internal static class RowKeys
{
    /// <summary>Appends the index key of a row whose columns stand in a batch in table order; true when a part is NULL.</summary>
    public static bool Append(ByteWriter target, IndexSchema index, TableSchema table, RowBatch columns, int row)
    {
        bool hasNull = false;
        foreach (IndexPart part in index.Parts)
        {
            ColumnVector vector = columns.Column(part.Ordinal);
            hasNull |= vector.IsNull(row);
            if (part.PrefixLength > 0 && !vector.IsNull(row))
                AppendPrefix(target, table.Columns[part.Ordinal].Type, vector.GetBytes(row), part.PrefixLength);
            else
                KeyEncoder.Append(target, vector, row);
        }

        return hasNull;
    }

    /// <summary>Appends the leading characters, or bytes of a binary string, that count for an index.</summary>
    public static void AppendPrefix(ByteWriter target, SqlType type, ReadOnlySpan<byte> value, int prefixLength) =>
        KeyEncoder.AppendString(target, Prefix(type, value, prefixLength), type.Collation);

    private static ReadOnlySpan<byte> Prefix(SqlType type, ReadOnlySpan<byte> value, int prefixLength)
    {
        if (!type.IsText)
            return value.Length > prefixLength ? value[..prefixLength] : value;
        int characters = 0;
        for (int i = 0; i < value.Length; i++)
        {
            // Every byte but a continuation byte starts a character.
            if ((value[i] & 0xC0) != 0x80 && characters++ == prefixLength)
                return value[..i];
        }

        return value;
    }
}
