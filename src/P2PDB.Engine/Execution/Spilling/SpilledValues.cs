// THE VALUES OF A SPILLED ROW, little-endian: one bit per column in whole bytes, set for NULL; then each value that is not NULL:
//    integers, temporals and the like, doubles    8 bytes
//    decimals                                     u8 scale (bits 0..4), sign (bit 5), words less one (bits 6..7); then the words, u64 each
//    byte strings                                 varint length, then the bytes
using System.Buffers.Binary;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>Values of a row as bytes, for the way to the disk and back: exact, whatever the type.</summary>
internal static class SpilledValues
{
    private const int ScaleMask = 0x1F;
    private const int SignBit = 0x20;
    private const int WordCountShift = 6;

    /// <summary>Appends columns of a row.</summary>
    public static void Append(ByteWriter target, RowBatch source, int row, ReadOnlySpan<int> columns)
    {
        int marks = target.Length;
        target.WriteZeros((columns.Length + 7) >> 3);
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnVector vector = source.Column(columns[i]);
            if (vector.IsNull(row))
            {
                target.WrittenSpan[marks + (i >> 3)] |= (byte)(1 << (i & 7));
                continue;
            }

            switch (vector.Physical)
            {
                case PhysicalKind.Int64:
                    target.WriteUInt64(unchecked((ulong)vector.GetInt64(row)));
                    break;
                case PhysicalKind.Double:
                    target.WriteUInt64(BitConverter.DoubleToUInt64Bits(vector.GetDouble(row)));
                    break;
                case PhysicalKind.Decimal:
                    Append(target, vector.GetDecimal(row));
                    break;
                default:
                    ReadOnlySpan<byte> bytes = vector.GetBytes(row);
                    target.WriteVarint((ulong)bytes.Length);
                    target.Write(bytes);
                    break;
            }
        }
    }

    /// <summary>Reads what <see cref="Append(ByteWriter, RowBatch, int, ReadOnlySpan{int})"/> wrote: value i goes to column <paramref name="columns"/>[i].</summary>
    public static void Read(ReadOnlySpan<byte> source, RowBatch target, int targetRow, ReadOnlySpan<int> columns)
    {
        ReadOnlySpan<byte> rest = source[((columns.Length + 7) >> 3)..];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnVector vector = target.Column(columns[i]);
            if ((source[i >> 3] & (1 << (i & 7))) != 0)
            {
                vector.SetNull(targetRow);
                continue;
            }

            switch (vector.Physical)
            {
                case PhysicalKind.Int64:
                    vector.SetInt64(targetRow, unchecked((long)TakeWord(ref rest)));
                    break;
                case PhysicalKind.Double:
                    vector.SetDouble(targetRow, BitConverter.UInt64BitsToDouble(TakeWord(ref rest)));
                    break;
                case PhysicalKind.Decimal:
                    vector.SetDecimal(targetRow, TakeDecimal(ref rest));
                    break;
                default:
                    Varint.TryRead(rest, out ulong length, out int prefix);
                    vector.SetBytes(targetRow, rest.Slice(prefix, (int)length));
                    rest = rest[(prefix + (int)length)..];
                    break;
            }
        }
    }

    private static void Append(ByteWriter target, in SqlDecimal value)
    {
        DecimalMagnitude magnitude = value.Magnitude;
        int wordCount = magnitude.IsOneWord ? 1 : magnitude.IsTwoWords ? 2 : 4;
        target.WriteByte((byte)(value.Scale | (value.IsNegative ? SignBit : 0) | ((wordCount - 1) << WordCountShift)));
        target.WriteUInt64(magnitude.Word0);
        if (wordCount > 1)
            target.WriteUInt64(magnitude.Word1);
        if (wordCount > 2)
        {
            target.WriteUInt64(magnitude.Word2);
            target.WriteUInt64(magnitude.Word3);
        }
    }

    private static SqlDecimal TakeDecimal(ref ReadOnlySpan<byte> rest)
    {
        byte head = rest[0];
        rest = rest[1..];
        int wordCount = (head >> WordCountShift) + 1;
        ulong word0 = TakeWord(ref rest);
        ulong word1 = wordCount > 1 ? TakeWord(ref rest) : 0;
        ulong word2 = wordCount > 2 ? TakeWord(ref rest) : 0;
        ulong word3 = wordCount > 2 ? TakeWord(ref rest) : 0;
        return new SqlDecimal(new DecimalMagnitude(word0, word1, word2, word3), head & ScaleMask, (head & SignBit) != 0);
    }

    private static ulong TakeWord(ref ReadOnlySpan<byte> rest)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        rest = rest[sizeof(ulong)..];
        return word;
    }
}
