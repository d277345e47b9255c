using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types;

/// <summary>Values as the text protocol carries them and as CAST(… AS CHAR) gives them.</summary>
public static class ValueFormatter
{
    /// <summary>
    /// Appends the text of a row that is not NULL. TIMESTAMPs are shown in the time zone; one in UTC without it.
    /// </summary>
    public static void Format(ColumnVector vector, int row, ByteWriter target, SessionTimeZone? zone = null)
    {
        ArgumentNullException.ThrowIfNull(vector);
        ArgumentNullException.ThrowIfNull(target);
        switch (vector.Physical)
        {
            case PhysicalKind.Int64:
                FormatInt64(vector.Type, vector.GetInt64(row), target, zone ?? SessionTimeZone.Utc);
                break;
            case PhysicalKind.Double:
                FormatDouble(vector.Type, vector.GetDouble(row), target);
                break;
            case PhysicalKind.Decimal:
                FormatDecimal(vector.Type, vector.GetDecimal(row), target);
                break;
            default:
                target.Write(vector.GetBytes(row));
                break;
        }
    }

    /// <summary>Appends the text of a value that is not NULL.</summary>
    public static void Format(in SqlValue value, ByteWriter target, SessionTimeZone? zone = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        switch (value.Type.Physical)
        {
            case PhysicalKind.Int64:
                FormatInt64(value.Type, value.Int64, target, zone ?? SessionTimeZone.Utc);
                break;
            case PhysicalKind.Double:
                FormatDouble(value.Type, value.Double, target);
                break;
            case PhysicalKind.Decimal:
                FormatDecimal(value.Type, value.Decimal, target);
                break;
            default:
                target.Write(value.Bytes.Span);
                break;
        }
    }

    /// <summary>Appends an integer, temporal, BIT, YEAR, ENUM or SET.</summary>
    public static void FormatInt64(SqlType type, long value, ByteWriter target, SessionTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(zone);
        Span<byte> room = target.GetSpan(32);
        int length;
        switch (type.Kind)
        {
            case SqlTypeKind.Date:
                length = TemporalText.FormatDate(new TemporalValue(value), room);
                break;
            case SqlTypeKind.DateTime:
                length = TemporalText.FormatDateTime(new TemporalValue(value), type.Scale, room);
                break;
            case SqlTypeKind.Timestamp:
                length = TemporalText.FormatDateTime(zone.ToLocal(value), type.Scale, room);
                break;
            case SqlTypeKind.Time:
                length = TemporalText.FormatTime(value, type.Scale, room);
                break;
            case SqlTypeKind.Year:
                TemporalText.WriteDigits(room, (int)value, 4);
                length = 4;
                break;
            case SqlTypeKind.Bit:
                length = (int)Math.Clamp((type.Length + 7) / 8, 1, 8);
                for (int i = 0; i < length; i++)
                    room[i] = (byte)(value >> (8 * (length - 1 - i)));
                break;
            case SqlTypeKind.Enum:
                if (value > 0 && type.Members is { } members && value <= members.Count)
                    target.Write(members[(int)value - 1]);
                return;
            case SqlTypeKind.Set:
                FormatSet(type, value, target);
                return;
            default:
                length = NumberText.Format(value, type.IsUnsigned, room);
                break;
        }

        target.Advance(length);
    }

    /// <summary>Appends a FLOAT or DOUBLE.</summary>
    public static void FormatDouble(SqlType type, double value, ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Span<byte> room = target.GetSpan(NumberText.FixedLengthMax);
        int length = type.Scale < SqlType.ScaleNotFixed ? NumberText.FormatFixed(value, type.Scale, room)
            : type.Kind == SqlTypeKind.Float ? NumberText.FormatFloat(value, room)
            : NumberText.Format(value, room);
        target.Advance(length);
    }

    /// <summary>Appends a DECIMAL with the type's digits after the point.</summary>
    public static void FormatDecimal(SqlType type, in SqlDecimal value, ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        SqlDecimal shown = value.Scale == type.Scale ? value : value.Round(type.Scale);
        target.Advance(shown.Format(target.GetSpan(NumberText.LengthMax)));
    }

    private static void FormatSet(SqlType type, long value, ByteWriter target)
    {
        bool isFirst = true;
        for (int i = 0; type.Members is { } members && i < members.Count; i++)
        {
            if ((value >> i & 1) == 0)
                continue;
            if (!isFirst)
                target.WriteByte((byte)',');
            target.Write(members[i]);
            isFirst = false;
        }
    }
}
