using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Memcomparable keys of rows: equal bytes for rows that are equal, ordered bytes for rows in order. A descending column
/// has its bytes inverted, which turns the order round because no encoded value is a prefix of another.
/// </summary>
internal static class RowKeyWriter
{
    /// <summary>Appends the leading <paramref name="columnCount"/> columns of a row.</summary>
    public static void AppendLeading(RowBatch batch, int row, int columnCount, ByteWriter target)
    {
        for (int i = 0; i < columnCount; i++)
            KeyEncoder.Append(target, batch.Column(i), row);
    }

    /// <summary>Appends one value, its bytes inverted where the order is descending.</summary>
    public static void Append(ColumnVector vector, int row, bool isDescending, ByteWriter target)
    {
        int start = target.Length;
        KeyEncoder.Append(target, vector, row);
        if (!isDescending)
            return;
        foreach (ref byte value in target.WrittenSpan[start..])
            value = (byte)~value;
    }
}
