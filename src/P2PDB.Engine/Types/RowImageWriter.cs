using System.Buffers.Binary;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types;

/// <summary>
/// Writes one row image after another to a byte writer. Columns are set in any order, variable ones in ascending order;
/// what is not set is NULL. Reusable; one image is open at a time.
/// </summary>
public ref struct RowImageWriter
{
    private readonly RowLayout _layout;
    private readonly ByteWriter _target;
    private readonly int _start;
    private int _variableDone;

    /// <summary>Opens an image at the end of the target, all columns NULL.</summary>
    public RowImageWriter(RowLayout layout, ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(target);
        _layout = layout;
        _target = target;
        _start = target.Length;
        target.WriteZeros(layout.LengthMin);
        Span<byte> bitmap = Image[..RowLayout.BitmapLength(layout.ColumnCount)];
        bitmap.Fill(0xFF);
        if ((layout.ColumnCount & 7) != 0)
            bitmap[^1] = (byte)((1 << (layout.ColumnCount & 7)) - 1);
    }

    private readonly Span<byte> Image => _target.WrittenSpan[_start..];

    /// <summary>Sets an integer or temporal column; the value must fit its width.</summary>
    public readonly void SetInt64(int column, long value)
    {
        Span<byte> at = Fixed(column);
        switch (_layout.CodeOf(column))
        {
            case StorageCode.I8 or StorageCode.U8:
                at[0] = (byte)value;
                break;
            case StorageCode.I16 or StorageCode.U16 or StorageCode.Year2:
                BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)value);
                break;
            case StorageCode.I24 or StorageCode.U24:
                at[0] = (byte)value;
                at[1] = (byte)(value >> 8);
                at[2] = (byte)(value >> 16);
                break;
            case StorageCode.I32 or StorageCode.U32:
                BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)value);
                break;
            case StorageCode.Date4:
                BinaryPrimitives.WriteInt32LittleEndian(at, TemporalValue.ToDate4(value));
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(at, value);
                break;
        }
    }

    /// <summary>Sets a FLOAT or DOUBLE column; -0 becomes 0, for there is one image per value.</summary>
    public readonly void SetDouble(int column, double value)
    {
        Span<byte> at = Fixed(column);
        value = value == 0 ? 0 : value;
        if (_layout.CodeOf(column) == StorageCode.F32)
            BinaryPrimitives.WriteSingleLittleEndian(at, (float)value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(at, value);
    }

    /// <summary>Sets a DECIMAL column, rounded to its scale; the value must fit its digits.</summary>
    public readonly void SetDecimal(int column, in SqlDecimal value)
    {
        Span<byte> at = Fixed(column);
        int scale = _layout.ScaleOf(column);
        SqlDecimal fitted = value.Scale == scale ? value : value.Round(scale);
        fitted.WriteScaled(at);
    }

    /// <summary>Sets a column of variable length; such columns come in ascending order.</summary>
    public void SetBytes(int column, ReadOnlySpan<byte> value)
    {
        int number = _layout.PlaceOf(column);
        FillEnds(number);
        _target.Write(value);
        MarkPresent(column);
        WriteEnd(number);
        _variableDone = number + 1;
    }

    /// <summary>Sets a column from a row of a vector, NULL or not.</summary>
    public void Set(int column, ColumnVector source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(row))
            return;
        if (_layout.IsVariable(column))
            SetBytes(column, source.GetBytes(row));
        else if (source.Physical == PhysicalKind.Double)
            SetDouble(column, source.GetDouble(row));
        else if (source.Physical == PhysicalKind.Decimal)
            SetDecimal(column, source.GetDecimal(row));
        else
            SetInt64(column, source.GetInt64(row));
    }

    /// <summary>Sets a column to a value, NULL or not.</summary>
    public void Set(int column, in SqlValue value)
    {
        if (value.IsNull)
            return;
        if (_layout.IsVariable(column))
            SetBytes(column, value.Bytes.Span);
        else if (value.Type.Physical == PhysicalKind.Double)
            SetDouble(column, value.Double);
        else if (value.Type.Physical == PhysicalKind.Decimal)
            SetDecimal(column, value.Decimal);
        else
            SetInt64(column, value.Int64);
    }

    /// <summary>Copies a column from an image of another layout whose column has the same storage code and scale.</summary>
    public void Copy(int column, RowLayout sourceLayout, ReadOnlySpan<byte> sourceImage, int sourceColumn)
    {
        ArgumentNullException.ThrowIfNull(sourceLayout);
        if (RowLayout.IsNull(sourceImage, sourceColumn))
            return;
        if (_layout.IsVariable(column))
            SetBytes(column, sourceLayout.GetBytes(sourceImage, sourceColumn));
        else
            sourceLayout.GetFixed(sourceImage, sourceColumn).CopyTo(Fixed(column));
    }

    /// <summary>Closes the image; returns its length. The bytes are the last ones of the target.</summary>
    public int Finish()
    {
        FillEnds(_layout.VariableCount);
        return _target.Length - _start;
    }

    private readonly Span<byte> Fixed(int column)
    {
        MarkPresent(column);
        return Image.Slice(_layout.PlaceOf(column), RowLayout.WidthOf(_layout.CodeOf(column)));
    }

    private readonly void MarkPresent(int column) => Image[column >> 3] &= (byte)~(1 << (column & 7));

    private void FillEnds(int number)
    {
        for (; _variableDone < number; _variableDone++)
            WriteEnd(_variableDone);
    }

    private readonly void WriteEnd(int number)
    {
        int end = _target.Length - _start - _layout.LengthMin;
        BinaryPrimitives.WriteUInt32LittleEndian(Image[(_layout.EndOffsetsStart + (4 * number))..], (uint)end);
    }
}
