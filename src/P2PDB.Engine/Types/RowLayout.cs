// ROW IMAGE v1, little-endian. Golden bytes: RowImageTests.cs. Spec: docs/formats/row-image.md
//    0            null bitmap, ceil(n / 8) bytes, bit i of byte i / 8 set when column i is NULL; unused bits zero
//    then         fixed-width columns in order, each at a constant offset; zero bytes where NULL
//    then         u32 end offset of each variable column in order, counted from the end of this table
//    then         the bytes of the variable columns, one after the other, nothing after the last
using System.Buffers.Binary;

namespace P2PDB.Engine.Types;

/// <summary>
/// Where the columns of a row image lie. Immutable; built once from the storage codes and scales of an ordered list of
/// columns. The accessors trust their image: check bytes from elsewhere with <see cref="TryValidate"/> once.
/// </summary>
public sealed class RowLayout
{
    private readonly StorageCode[] _codes;
    private readonly byte[] _scales;
    private readonly int[] _places;
    private readonly int _endOffsetsStart;
    private readonly int _variableCount;

    /// <summary>Lays out columns of the given types.</summary>
    public RowLayout(ReadOnlySpan<SqlType> types)
        : this(CodesOf(types), ScalesOf(types))
    {
    }

    /// <summary>Lays out columns by storage code and scale; every code must be a valid one.</summary>
    public RowLayout(ReadOnlySpan<StorageCode> codes, ReadOnlySpan<byte> scales)
    {
        _codes = codes.ToArray();
        _scales = scales.ToArray();
        _places = new int[codes.Length];
        int offset = BitmapLength(codes.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            int width = WidthOf(codes[i]);
            _places[i] = width > 0 ? offset : _variableCount++;
            offset += width;
        }

        _endOffsetsStart = offset;
    }

    /// <summary>How many columns there are.</summary>
    public int ColumnCount => _codes.Length;

    /// <summary>Length of an image whose variable columns are all empty; no image is shorter.</summary>
    public int LengthMin => _endOffsetsStart + (4 * _variableCount);

    /// <summary>How many columns are of variable length.</summary>
    public int VariableCount => _variableCount;

    internal int EndOffsetsStart => _endOffsetsStart;

    /// <summary>The storage code of a column.</summary>
    public StorageCode CodeOf(int column) => _codes[column];

    /// <summary>Digits after the point of a decimal column.</summary>
    public int ScaleOf(int column) => _scales[column];

    /// <summary>True when columns are of variable length.</summary>
    public bool IsVariable(int column) => WidthOf(_codes[column]) == 0;

    /// <summary>Offset of a fixed column in the image, or the number of a variable one among its like.</summary>
    internal int PlaceOf(int column) => _places[column];

    /// <summary>Bytes of a fixed-width code; 0 for variable ones.</summary>
    public static int WidthOf(StorageCode code) => code switch
    {
        StorageCode.I8 or StorageCode.U8 => 1,
        StorageCode.I16 or StorageCode.U16 or StorageCode.Year2 => 2,
        StorageCode.I24 or StorageCode.U24 => 3,
        StorageCode.I32 or StorageCode.U32 or StorageCode.F32 or StorageCode.Date4 => 4,
        StorageCode.Dec16 => 16,
        StorageCode.Dec32 => 32,
        StorageCode.Bytes or StorageCode.Json or StorageCode.None => 0,
        _ => 8,
    };

    /// <summary>True for a storage code that may stand in an entry.</summary>
    public static bool IsKnown(StorageCode code) => code is >= StorageCode.I8 and <= StorageCode.Year2;

    /// <summary>True when the column is NULL.</summary>
    public static bool IsNull(ReadOnlySpan<byte> image, int column) => (image[column >> 3] >> (column & 7) & 1) != 0;

    /// <summary>The integer of a column, sign- or zero-extended; temporals as <see cref="ColumnVector"/> holds them.</summary>
    public long GetInt64(ReadOnlySpan<byte> image, int column)
    {
        ReadOnlySpan<byte> at = image[_places[column]..];
        return _codes[column] switch
        {
            StorageCode.I8 => (sbyte)at[0],
            StorageCode.U8 => at[0],
            StorageCode.I16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            StorageCode.U16 or StorageCode.Year2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            StorageCode.I24 => (at[0] | (at[1] << 8) | ((sbyte)at[2] << 16)),
            StorageCode.U24 => at[0] | (at[1] << 8) | (at[2] << 16),
            StorageCode.I32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            StorageCode.U32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            StorageCode.Date4 => TemporalValue.FromDate4(BinaryPrimitives.ReadInt32LittleEndian(at)),
            _ => BinaryPrimitives.ReadInt64LittleEndian(at),
        };
    }

    /// <summary>The float or double of a column.</summary>
    public double GetDouble(ReadOnlySpan<byte> image, int column)
    {
        ReadOnlySpan<byte> at = image[_places[column]..];
        return _codes[column] == StorageCode.F32
            ? BinaryPrimitives.ReadSingleLittleEndian(at)
            : BinaryPrimitives.ReadDoubleLittleEndian(at);
    }

    /// <summary>The decimal of a column.</summary>
    public SqlDecimal GetDecimal(ReadOnlySpan<byte> image, int column) =>
        SqlDecimal.ReadScaled(image.Slice(_places[column], WidthOf(_codes[column])), _scales[column]);

    /// <summary>The bytes of a variable column; a span of the image.</summary>
    public ReadOnlySpan<byte> GetBytes(ReadOnlySpan<byte> image, int column)
    {
        int number = _places[column];
        int ends = _endOffsetsStart + (4 * number);
        int start = number == 0 ? 0 : (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(ends - 4)..]);
        int end = (int)BinaryPrimitives.ReadUInt32LittleEndian(image[ends..]);
        return image.Slice(LengthMin + start, end - start);
    }

    /// <summary>The bytes of a fixed column as they lie in the image.</summary>
    public ReadOnlySpan<byte> GetFixed(ReadOnlySpan<byte> image, int column) =>
        image.Slice(_places[column], WidthOf(_codes[column]));

    /// <summary>Copies a column's value to a row of a vector of the matching physical kind.</summary>
    public void CopyTo(ReadOnlySpan<byte> image, int column, ColumnVector target, int row)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (IsNull(image, column))
        {
            target.SetNull(row);
            return;
        }

        switch (target.Physical)
        {
            case PhysicalKind.Int64: target.SetInt64(row, GetInt64(image, column)); break;
            case PhysicalKind.Double: target.SetDouble(row, GetDouble(image, column)); break;
            case PhysicalKind.Decimal: target.SetDecimal(row, GetDecimal(image, column)); break;
            default: target.SetBytes(row, GetBytes(image, column)); break;
        }
    }

    /// <summary>
    /// True when the bytes are the one canonical image of some row: bitmap and NULLs clean, offsets ascending and exact,
    /// decimals within their digits, temporals within their ranges, floats finite. Never throws.
    /// </summary>
    public bool TryValidate(ReadOnlySpan<byte> image) => RowImageValidation.IsCanonical(this, image);

    internal static int BitmapLength(int columnCount) => (columnCount + 7) >> 3;

    private static StorageCode[] CodesOf(ReadOnlySpan<SqlType> types)
    {
        StorageCode[] codes = new StorageCode[types.Length];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = types[i].StorageCode;
        return codes;
    }

    private static byte[] ScalesOf(ReadOnlySpan<SqlType> types)
    {
        byte[] scales = new byte[types.Length];
        for (int i = 0; i < scales.Length; i++)
            scales[i] = types[i].Kind == SqlTypeKind.Decimal ? types[i].Scale : (byte)0;
        return scales;
    }
}
