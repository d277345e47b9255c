namespace P2PDB.Engine.Types;

/// <summary>
/// Up to a batch of values of one type. Rows may be written in any order; a row that was never written since
/// <see cref="Reset"/> is undefined, not NULL. Arrays are kept across resets: a warm vector allocates nothing.
/// Byte strings lie in an arena of the vector's own; several rows may share bytes.
/// </summary>
public sealed class ColumnVector
{
    /// <summary>An arena above this is given back by <see cref="Reset"/>: one large value must not pin its memory.</summary>
    private const int ArenaKeptLengthMax = 4 << 20;

    /// <summary>Bytes of one <see cref="SqlDecimal"/> in memory.</summary>
    private const int DecimalLength = 40;

    private readonly int _capacity;
    private readonly ulong[] _nulls;
    private long[] _int64 = [];
    private double[] _double = [];
    private SqlDecimal[] _decimal = [];
    private int[] _offsets = [];
    private int[] _lengths = [];
    private byte[] _arena = [];
    private int _arenaLength;

    /// <summary>Makes a vector of a type for at most <paramref name="capacity"/> rows.</summary>
    public ColumnVector(SqlType type = default, int capacity = RowBatch.RowCountMax)
    {
        _capacity = capacity;
        _nulls = new ulong[(capacity + 63) >> 6];
        Reset(type);
    }

    /// <summary>The type of the values.</summary>
    public SqlType Type { get; private set; }

    /// <summary>How the values are held.</summary>
    public PhysicalKind Physical { get; private set; }

    /// <summary>How many rows fit.</summary>
    public int Capacity => _capacity;

    /// <summary>False when no row was set to NULL since the reset.</summary>
    public bool HasNulls { get; private set; }

    /// <summary>The integers, by row; for <see cref="PhysicalKind.Int64"/>.</summary>
    public Span<long> Int64s => _int64;

    /// <summary>The doubles, by row.</summary>
    public Span<double> Doubles => _double;

    /// <summary>The decimals, by row.</summary>
    public Span<SqlDecimal> Decimals => _decimal;

    /// <summary>One bit per row, set for NULL.</summary>
    public Span<ulong> NullWords => _nulls;

    /// <summary>Forgets all values and takes a type.</summary>
    public void Reset(SqlType type)
    {
        Type = type;
        Physical = type.Physical;
        if (HasNulls)
            Array.Clear(_nulls);
        HasNulls = false;
        _arenaLength = 0;
        if (_arena.Length > ArenaKeptLengthMax)
            _arena = [];
        switch (Physical)
        {
            case PhysicalKind.Int64 when _int64.Length == 0:
                _int64 = new long[_capacity];
                break;
            case PhysicalKind.Double when _double.Length == 0:
                _double = new double[_capacity];
                break;
            case PhysicalKind.Decimal when _decimal.Length == 0:
                _decimal = new SqlDecimal[_capacity];
                break;
            case PhysicalKind.Bytes when _offsets.Length == 0:
                _offsets = new int[_capacity];
                _lengths = new int[_capacity];
                break;
            default:
                break;
        }
    }

    /// <summary>Bytes that the values take.</summary>
    internal long HeldLength => _arena.Length + ((long)_capacity * (Physical switch
    {
        PhysicalKind.Decimal => DecimalLength,
        _ => sizeof(long),
    }));

    /// <summary>True when the row is NULL.</summary>
    public bool IsNull(int row) => (_nulls[row >> 6] & (1UL << row)) != 0;

    /// <summary>Makes the row NULL; its value is zero or empty, so that kernels may compute over it.</summary>
    public void SetNull(int row)
    {
        HasNulls = true;
        _nulls[row >> 6] |= 1UL << row;
        switch (Physical)
        {
            case PhysicalKind.Int64: _int64[row] = 0; break;
            case PhysicalKind.Double: _double[row] = 0; break;
            case PhysicalKind.Decimal: _decimal[row] = default; break;
            default:
                _offsets[row] = 0;
                _lengths[row] = 0;
                break;
        }
    }

    /// <summary>The integer of a row.</summary>
    public long GetInt64(int row) => _int64[row];

    /// <summary>The double of a row.</summary>
    public double GetDouble(int row) => _double[row];

    /// <summary>The decimal of a row.</summary>
    public ref readonly SqlDecimal GetDecimal(int row) => ref _decimal[row];

    /// <summary>The bytes of a row; valid until the vector is reset or written.</summary>
    public ReadOnlySpan<byte> GetBytes(int row) => _arena.AsSpan(_offsets[row], _lengths[row]);

    /// <summary>Sets an integer.</summary>
    public void SetInt64(int row, long value)
    {
        ClearNull(row);
        _int64[row] = value;
    }

    /// <summary>Sets 1 or 0.</summary>
    public void SetBoolean(int row, bool value) => SetInt64(row, value ? 1 : 0);

    /// <summary>Sets a double.</summary>
    public void SetDouble(int row, double value)
    {
        ClearNull(row);
        _double[row] = value;
    }

    /// <summary>Sets a decimal.</summary>
    public void SetDecimal(int row, in SqlDecimal value)
    {
        ClearNull(row);
        _decimal[row] = value;
    }

    /// <summary>Copies bytes in; they may be a span of this vector itself.</summary>
    public void SetBytes(int row, ReadOnlySpan<byte> value)
    {
        // The old arena stays alive through the caller's span if the arena grows under it.
        value.CopyTo(AllocateBytes(row, value.Length));
    }

    /// <summary>Gives a row a value of <paramref name="length"/> bytes to be filled in; valid until the next write.</summary>
    public Span<byte> AllocateBytes(int row, int length)
    {
        ClearNull(row);
        int offset = _arenaLength;
        if (_arena.Length - offset < length)
            GrowArena(length);
        _arenaLength = offset + length;
        _offsets[row] = offset;
        _lengths[row] = length;
        return _arena.AsSpan(offset, length);
    }

    /// <summary>Gives a row the bytes that another row of this vector has, without a copy.</summary>
    public void ShareBytes(int row, int ownerRow)
    {
        ClearNull(row);
        _offsets[row] = _offsets[ownerRow];
        _lengths[row] = _lengths[ownerRow];
    }

    /// <summary>Cuts the value of a row to its first <paramref name="length"/> bytes.</summary>
    public void TrimBytes(int row, int length) => _lengths[row] = Math.Min(_lengths[row], length);

    /// <summary>Copies one value, NULL or not, of the same physical kind.</summary>
    public void CopyRow(ColumnVector source, int sourceRow, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(sourceRow))
        {
            SetNull(row);
            return;
        }

        switch (Physical)
        {
            case PhysicalKind.Int64: SetInt64(row, source._int64[sourceRow]); break;
            case PhysicalKind.Double: SetDouble(row, source._double[sourceRow]); break;
            case PhysicalKind.Decimal: SetDecimal(row, source._decimal[sourceRow]); break;
            default: SetBytes(row, source.GetBytes(sourceRow)); break;
        }
    }

    /// <summary>Copies the chosen rows of a batch, each to its own position.</summary>
    public void CopySelected(ColumnVector source, RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(batch);
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            int row = batch.RowAt(i);
            CopyRow(source, row, row);
        }
    }

    /// <summary>Gives every row of the batch's selection the NULL of <paramref name="source"/> in addition to its own.</summary>
    public void MergeNulls(ColumnVector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.HasNulls)
            return;
        HasNulls = true;
        int words = Math.Min(_nulls.Length, source._nulls.Length);   // rows past the smaller vector are in neither batch
        for (int i = 0; i < words; i++)
            _nulls[i] |= source._nulls[i];
    }

    private void ClearNull(int row)
    {
        if (HasNulls)
            _nulls[row >> 6] &= ~(1UL << row);
    }

    private void GrowArena(int length)
    {
        long wanted = Math.Max((long)_arenaLength + length, Math.Max(256L, _arena.Length * 2L));
        byte[] grown = new byte[Math.Min(wanted, Array.MaxLength)];
        _arena.AsSpan(0, _arenaLength).CopyTo(grown);
        _arena = grown;
    }
}
