// BINARY ROW: u8 0 · null bitmap, (columns + 9) / 8 bytes, first column at bit 2 · values of the columns that are not NULL
//    integers and floats little-endian · DATE, DATETIME, TIME as in COM_STMT_EXECUTE, shortest form · the rest lenenc
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.ResultSets;

/// <summary>Writes rows in binary form, as COM_STMT_EXECUTE answers them.</summary>
internal static class BinaryRows
{
    private const int BitmapOffset = 2;
    private const int DecimalLengthMax = 80;

    /// <summary>Writes one row to the open packet.</summary>
    public static void Write(
        PacketWriter writer, ReadOnlySpan<ColumnForm> forms, RowBatch batch, int row, SessionTimeZone zone)
    {
        writer.WriteByte(0);
        writer.WriteZeros((forms.Length + BitmapOffset + 7) / 8);
        for (int i = 0; i < forms.Length; i++)
        {
            ColumnVector vector = batch.Column(i);
            ref readonly ColumnForm form = ref forms[i];
            if (form.Form == ValueForm.Null || (vector.HasNulls && vector.IsNull(row)))
            {
                int bit = i + BitmapOffset;
                writer.Patch(1 + (bit >> 3), 1)[0] |= (byte)(1 << (bit & 7));
                continue;
            }

            WriteValue(writer, form, vector, row, zone);
        }
    }

    private static void WriteValue(
        PacketWriter writer, in ColumnForm form, ColumnVector vector, int row, SessionTimeZone zone)
    {
        switch (form.Form)
        {
            case ValueForm.Signed or ValueForm.Unsigned or ValueForm.Year:
                WriteInteger(writer, vector.GetInt64(row), form.Width);
                break;
            case ValueForm.Single:
                writer.WriteUInt32(BitConverter.SingleToUInt32Bits((float)vector.GetDouble(row)));
                break;
            case ValueForm.Double:
                writer.WriteUInt64(BitConverter.DoubleToUInt64Bits(vector.GetDouble(row)));
                break;
            case ValueForm.Decimal:
                Span<byte> target = writer.GetSpan(1 + DecimalLengthMax);
                int length = DecimalForm.Format(target[1..], form, vector.GetDecimal(row));
                target[0] = (byte)length;
                writer.Advance(1 + length);
                break;
            case ValueForm.Date or ValueForm.DateTime:
                WriteDateTime(writer, new TemporalValue(vector.GetInt64(row)));
                break;
            case ValueForm.Timestamp:
                WriteDateTime(writer, zone.ToLocal(vector.GetInt64(row)));
                break;
            case ValueForm.Time:
                WriteTime(writer, vector.GetInt64(row));
                break;
            case ValueForm.Bit:
                writer.WriteByte(form.Width);
                writer.Advance(BitText.Format(writer.GetSpan(form.Width), (ulong)vector.GetInt64(row), form.Width));
                break;
            case ValueForm.Member or ValueForm.MemberSet:
                MemberText.Write(writer, form, vector.GetInt64(row));
                break;
            default:
                writer.WriteLengthEncodedBytes(vector.GetBytes(row));
                break;
        }
    }

    private static void WriteInteger(PacketWriter writer, long value, int width)
    {
        // Little-endian: the low bytes come first, so one store of eight bytes serves all widths.
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(sizeof(long)), value);
        writer.Advance(width);
    }

    private static void WriteDateTime(PacketWriter writer, TemporalValue value)
    {
        bool hasTime = value != value.Date;
        byte length = value.IsZero ? (byte)0 : !hasTime ? (byte)4 : value.Microsecond == 0 ? (byte)7 : (byte)11;
        writer.WriteByte(length);
        if (length == 0)
            return;

        writer.WriteUInt16((ushort)value.Year);
        writer.WriteByte((byte)value.Month);
        writer.WriteByte((byte)value.Day);
        if (!hasTime)
            return;

        writer.WriteByte((byte)value.Hour);
        writer.WriteByte((byte)value.Minute);
        writer.WriteByte((byte)value.Second);
        if (length == 11)
            writer.WriteUInt32((uint)value.Microsecond);
    }

    private static void WriteTime(PacketWriter writer, long microseconds)
    {
        if (microseconds == 0)
        {
            writer.WriteByte(0);
            return;
        }

        ulong magnitude = (ulong)Math.Abs(microseconds);
        ulong seconds = Math.DivRem(magnitude, 1_000_000UL).Quotient;
        uint fraction = (uint)(magnitude % 1_000_000);
        writer.WriteByte(fraction == 0 ? (byte)8 : (byte)12);
        writer.WriteByte(microseconds < 0 ? (byte)1 : (byte)0);
        writer.WriteUInt32((uint)(seconds / 86_400));
        writer.WriteByte((byte)(seconds / 3_600 % 24));
        writer.WriteByte((byte)(seconds / 60 % 60));
        writer.WriteByte((byte)(seconds % 60));
        if (fraction != 0)
            writer.WriteUInt32(fraction);
    }
}
