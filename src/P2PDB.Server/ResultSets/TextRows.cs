// TEXT ROW: per column 0xFB for NULL, else the value as lenenc text.
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.ResultSets;

/// <summary>Writes rows as text, as COM_QUERY answers them.</summary>
internal static class TextRows
{
    /// <summary>Stands for NULL.</summary>
    public const byte NullMark = 0xFB;

    /// <summary>Longer than the text of any value that is not a string: a decimal of 65 digits, or a double.</summary>
    private const int NumberLengthMax = 400;

    /// <summary>Writes one row's values to the open packet.</summary>
    public static void Write(
        PacketWriter writer, ReadOnlySpan<ColumnForm> forms, RowBatch batch, int row, SessionTimeZone zone)
    {
        for (int i = 0; i < forms.Length; i++)
        {
            ColumnVector vector = batch.Column(i);
            ref readonly ColumnForm form = ref forms[i];
            if (form.Form == ValueForm.Null || (vector.HasNulls && vector.IsNull(row)))
                writer.WriteByte(NullMark);
            else if (form.Form == ValueForm.Bytes)
                writer.WriteLengthEncodedBytes(vector.GetBytes(row));
            else if (form.Form is ValueForm.Member or ValueForm.MemberSet)
                MemberText.Write(writer, form, vector.GetInt64(row));
            else
                WriteShort(writer, form, vector, row, zone);
        }
    }

    /// <summary>Values whose text is short: its length is patched in when it is known.</summary>
    private static void WriteShort(
        PacketWriter writer, in ColumnForm form, ColumnVector vector, int row, SessionTimeZone zone)
    {
        Span<byte> target = writer.GetSpan(3 + NumberLengthMax);
        int length = Format(target[1..], form, vector, row, zone);
        if (length < NullMark)
        {
            target[0] = (byte)length;
            writer.Advance(1 + length);
            return;
        }

        target.Slice(1, length).CopyTo(target[3..]);
        writer.WriteLengthEncoded((ulong)length);
        writer.Advance(length);
    }

    private static int Format(Span<byte> target, in ColumnForm form, ColumnVector vector, int row, SessionTimeZone zone)
    {
        int length;
        switch (form.Form)
        {
            case ValueForm.Signed or ValueForm.Unsigned:
                length = NumberText.Format(vector.GetInt64(row), form.Form == ValueForm.Unsigned, target);
                return form.ZeroFillWidth > 0 ? Pad(target, length, form.ZeroFillWidth) : length;
            case ValueForm.Year:
                length = NumberText.Format(vector.GetInt64(row), isUnsigned: false, target);
                return Pad(target, length, 4);
            case ValueForm.Bit:
                return BitText.Format(target, (ulong)vector.GetInt64(row), form.Width);
            case ValueForm.Date:
                return TemporalText.FormatDate(new TemporalValue(vector.GetInt64(row)), target);
            case ValueForm.DateTime:
                return TemporalText.FormatDateTime(new TemporalValue(vector.GetInt64(row)), form.Type.Scale, target);
            case ValueForm.Timestamp:
                return TemporalText.FormatDateTime(zone.ToLocal(vector.GetInt64(row)), form.Type.Scale, target);
            case ValueForm.Time:
                return TemporalText.FormatTime(vector.GetInt64(row), form.Type.Scale, target);
            case ValueForm.Decimal:
                return DecimalForm.Format(target, form, vector.GetDecimal(row));
            default:
                return FormatDouble(target, form, vector.GetDouble(row));
        }
    }

    private static int FormatDouble(Span<byte> target, in ColumnForm form, double value) =>
        form.Type.Scale < SqlType.ScaleNotFixed ? NumberText.FormatFixed(value, form.Type.Scale, target)
        : form.Form == ValueForm.Single ? NumberText.FormatFloat(value, target)
        : NumberText.Format(value, target);

    private static int Pad(Span<byte> target, int length, int width)
    {
        if (length >= width)
            return length;

        target[..length].CopyTo(target[(width - length)..]);
        target[..(width - length)].Fill((byte)'0');
        return width;
    }
}
