// COM_STMT_EXECUTE after the statement id, little-endian. Golden bytes: tests/P2PDB.Server.Tests/Sessions
//    u8 cursor flags · u32 iterations (1)
//    with QueryAttributes, and parameters or the flag 8: lenenc count of what follows, parameters and then attributes
//    with any: null bitmap, (count + 7) / 8 bytes · u8 new types follow
//       new types: per parameter u8 type, u8 0x80 = unsigned, with QueryAttributes lenenc name · values of those that are neither NULL nor long data
//    integers, floats as they are · DATE and DATETIME u8 length 0, 4, 7, 11: u16 year, u8 month, u8 day, u8 hour,
//    u8 minute, u8 second, u32 microsecond · TIME u8 length 0, 8, 12: u8 negative, u32 days, u8 hours, u8 minutes,
//    u8 seconds, u32 microseconds · everything else lenenc bytes
using System.Buffers.Binary;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Sessions;

/// <summary>Reads the values that a client executes a prepared statement with.</summary>
internal static class ExecuteParameters
{
    private const byte UnsignedFlag = 0x80;
    private const byte CountIsSent = 0x08;
    private const int FixedLength = 5;
    private const byte CursorMask = 0x07;
    private const int HoursPerDay = 24;

    /// <summary>True where the client asks for a cursor of any kind; all are read-only here, as in MySQL.</summary>
    public static bool WantsCursor(ReadOnlySpan<byte> arguments) => (arguments[0] & CursorMask) != 0;

    /// <summary>
    /// Fills the statement's parameter set from the packet; types are kept in the statement for executions that send
    /// none. False when the packet does not fit the statement; the set is then undefined.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> arguments, ClientStatement statement, bool hasAttributes = false)
    {
        var reader = new PayloadReader(arguments);
        int count = statement.ParameterCount;
        ParameterSet target = statement.Parameters;
        target.Reset(count);
        if (!reader.TryTake(FixedLength, out ReadOnlySpan<byte> head))
            return false;

        int sent = count;
        if (hasAttributes && (count > 0 || (head[0] & CountIsSent) != 0) && !QueryAttributes.TryTakeCount(ref reader, out sent))
            return false;
        if (sent == 0)
            return count == 0;
        if (sent < count || !reader.TryTake((sent + 7) / 8, out ReadOnlySpan<byte> nulls) || !reader.TryReadByte(out byte hasTypes))
            return false;

        // The types of parameters are kept for the next execution; attributes come with theirs each time.
        ushort[] attributes = sent == count ? [] : new ushort[sent - count];
        if (hasTypes != 0)
        {
            if (!QueryAttributes.TryTakeTypes(ref reader, statement.Types, hasAttributes)
                || !QueryAttributes.TryTakeTypes(ref reader, attributes, hasAttributes))
            {
                return false;
            }

            statement.HasTypes = true;
        }

        if (!statement.HasTypes || (hasTypes == 0 && attributes.Length > 0))
            return false;

        for (int i = 0; i < count; i++)
        {
            if (statement.TryGetLongData(i, out ReadOnlySpan<byte> longData))
                SetBytes(target, i, (ColumnTypeCode)(byte)statement.Types[i], longData);
            else if ((nulls[i >> 3] & 1 << (i & 7)) == 0 && !TryReadValue(ref reader, target, i, statement.Types[i]))
                return false;
        }

        return attributes.Length == 0 || QueryAttributes.TryTakeValues(ref reader, attributes, nulls, count);
    }

    /// <summary>Reads one value; <paramref name="typeAndFlag"/> is as the client sent it.</summary>
    internal static bool TryReadValue(ref PayloadReader reader, ParameterSet target, int index, ushort typeAndFlag)
    {
        var type = (ColumnTypeCode)(byte)typeAndFlag;
        bool isUnsigned = (byte)(typeAndFlag >> 8) == UnsignedFlag;
        switch (type)
        {
            case ColumnTypeCode.Null:
                return true;
            case ColumnTypeCode.Tiny:
                return reader.TryReadByte(out byte tiny) && SetInteger(isUnsigned ? tiny : (sbyte)tiny);
            case ColumnTypeCode.Short or ColumnTypeCode.Year:
                return reader.TryReadUInt16(out ushort small) && SetInteger(isUnsigned ? small : (short)small);
            case ColumnTypeCode.Long or ColumnTypeCode.Int24:
                return reader.TryReadUInt32(out uint normal) && SetInteger(isUnsigned ? normal : (int)normal);
            case ColumnTypeCode.LongLong:
                return reader.TryReadUInt64(out ulong big) && SetInteger((long)big);
            case ColumnTypeCode.Float:
                return reader.TryReadUInt32(out uint single) && SetDouble(BitConverter.UInt32BitsToSingle(single));
            case ColumnTypeCode.Double:
                return reader.TryReadUInt64(out ulong wide) && SetDouble(BitConverter.UInt64BitsToDouble(wide));
            case ColumnTypeCode.Date or ColumnTypeCode.DateTime or ColumnTypeCode.Timestamp:
                return TryReadDateTime(ref reader, target, index, type == ColumnTypeCode.Date);
            case ColumnTypeCode.Time:
                return TryReadTime(ref reader, target, index);
            default:
                if (!reader.TryReadLengthEncodedBytes(out ReadOnlySpan<byte> bytes))
                    return false;
                SetBytes(target, index, type, bytes);
                return true;
        }

        bool SetInteger(long value)
        {
            if (isUnsigned)
                target.SetUInt64(index, (ulong)value);
            else
                target.SetInt64(index, value);
            return true;
        }

        bool SetDouble(double value)
        {
            // SQL has neither infinities nor NaN; MySQL takes them for NULL.
            if (double.IsFinite(value))
                target.SetDouble(index, value);
            return true;
        }
    }

    private static void SetBytes(ParameterSet target, int index, ColumnTypeCode type, ReadOnlySpan<byte> bytes)
    {
        bool isBinary = type is ColumnTypeCode.Bit or ColumnTypeCode.Geometry
            or (>= ColumnTypeCode.TinyBlob and <= ColumnTypeCode.Blob);
        if (type is ColumnTypeCode.NewDecimal or ColumnTypeCode.Decimal)
            target.SetDecimal(index, bytes);
        else if (isBinary)
            target.SetBinary(index, bytes);
        else
            target.SetText(index, bytes);
    }

    private static bool TryReadDateTime(ref PayloadReader reader, ParameterSet target, int index, bool isDate)
    {
        if (!reader.TryReadByte(out byte length) || !reader.TryTake(length, out ReadOnlySpan<byte> parts)
            || length is not (0 or 4 or 7 or 11))
        {
            return false;
        }

        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
        uint microsecond = 0;
        if (length >= 4)
            (year, month, day) = (BinaryPrimitives.ReadUInt16LittleEndian(parts), parts[2], parts[3]);
        if (length >= 7)
            (hour, minute, second) = (parts[4], parts[5], parts[6]);
        if (length >= 11)
            microsecond = BinaryPrimitives.ReadUInt32LittleEndian(parts[7..]);

        // As MySQL does, parts that no date has give the zero date.
        bool isValid = year <= 9999 && month <= 12 && day <= 31 && hour <= 23 && minute <= 59 && second <= 59
            && microsecond <= 999_999;
        TemporalValue value = isValid
            ? new TemporalValue(year, month, day, hour, minute, second, (int)microsecond)
            : TemporalValue.Zero;
        if (isDate)
            target.SetDate(index, value.Date.Packed);
        else
            target.SetDateTime(index, value.Packed);
        return true;
    }

    private static bool TryReadTime(ref PayloadReader reader, ParameterSet target, int index)
    {
        if (!reader.TryReadByte(out byte length) || !reader.TryTake(length, out ReadOnlySpan<byte> parts)
            || length is not (0 or 8 or 12))
        {
            return false;
        }

        if (length == 0)
        {
            target.SetTime(index, 0);
            return true;
        }

        long hours = (long)BinaryPrimitives.ReadUInt32LittleEndian(parts[1..]) * HoursPerDay + parts[5];
        hours = Math.Min(hours, TemporalValue.TimeMax / 1_000_000);   // any more than a TIME holds, but no overflow
        long microseconds = ((hours * 60 + parts[6]) * 60 + parts[7]) * 1_000_000;
        if (length == 12)
            microseconds += BinaryPrimitives.ReadUInt32LittleEndian(parts[8..]);
        microseconds = Math.Min(microseconds, TemporalValue.TimeMax);
        target.SetTime(index, parts[0] != 0 ? -microseconds : microseconds);
        return true;
    }
}
