using System.Diagnostics;

namespace P2PDB.Engine;

/// <summary>
/// The values of a prepared statement's parameters for one execution. One set is kept and filled again for each
/// execution, so that a warm execution allocates nothing. Byte values are copied in and live until <see cref="Reset"/>.
/// </summary>
public sealed class ParameterSet
{
    private ParameterKind[] _kinds = [];
    private long[] _numbers = [];    // the value, or offset (high half) and length (low half) in _bytes
    private byte[] _bytes = [];
    private int _bytesUsed;

    /// <summary>How many parameters the set holds.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all values and makes <paramref name="count"/> parameters that are NULL.</summary>
    public void Reset(int count)
    {
        if (_kinds.Length < count)
        {
            _kinds = new ParameterKind[count];
            _numbers = new long[count];
        }

        Count = count;
        _bytesUsed = 0;
        _kinds.AsSpan(0, count).Clear();
    }

    /// <summary>Makes the parameter NULL.</summary>
    public void SetNull(int index) => Set(index, ParameterKind.Null, 0);

    /// <summary>Sets a signed integer.</summary>
    public void SetInt64(int index, long value) => Set(index, ParameterKind.SignedInteger, value);

    /// <summary>Sets an unsigned integer.</summary>
    public void SetUInt64(int index, ulong value) => Set(index, ParameterKind.UnsignedInteger, (long)value);

    /// <summary>Sets a double.</summary>
    public void SetDouble(int index, double value) =>
        Set(index, ParameterKind.FloatingPoint, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Sets a decimal given as ASCII text.</summary>
    public void SetDecimal(int index, ReadOnlySpan<byte> text) => SetBytes(index, ParameterKind.ExactNumber, text);

    /// <summary>Sets UTF-8 text.</summary>
    public void SetText(int index, ReadOnlySpan<byte> utf8) => SetBytes(index, ParameterKind.Text, utf8);

    /// <summary>Sets a byte string.</summary>
    public void SetBinary(int index, ReadOnlySpan<byte> value) => SetBytes(index, ParameterKind.Binary, value);

    /// <summary>Sets a packed date.</summary>
    public void SetDate(int index, long packed) => Set(index, ParameterKind.Date, packed);

    /// <summary>Sets a packed date and time of day.</summary>
    public void SetDateTime(int index, long packed) => Set(index, ParameterKind.DateTime, packed);

    /// <summary>Sets a span of time, in microseconds.</summary>
    public void SetTime(int index, long microseconds) => Set(index, ParameterKind.Time, microseconds);

    /// <summary>Form of the parameter's value.</summary>
    public ParameterKind GetKind(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _kinds[index];
    }

    /// <summary>True where the parameter is NULL.</summary>
    public bool IsNull(int index) => GetKind(index) == ParameterKind.Null;

    /// <summary>The value of an integer (the bits of an unsigned one) or a temporal parameter.</summary>
    public long GetInt64(int index)
    {
        Debug.Assert(GetKind(index) is not (ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber));
        return _numbers[index];
    }

    /// <summary>The value of a double parameter.</summary>
    public double GetDouble(int index)
    {
        Debug.Assert(GetKind(index) == ParameterKind.FloatingPoint);
        return BitConverter.Int64BitsToDouble(_numbers[index]);
    }

    /// <summary>The bytes of a text, binary or decimal parameter; valid until the set changes.</summary>
    public ReadOnlySpan<byte> GetBytes(int index) => GetMemory(index).Span;

    /// <summary>The bytes of a text, binary or decimal parameter; valid until the set is reset.</summary>
    internal ReadOnlyMemory<byte> GetMemory(int index)
    {
        Debug.Assert(GetKind(index) is ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber);
        long place = _numbers[index];
        return _bytes.AsMemory((int)(place >> 32), (int)place);
    }

    /// <summary>Gives back a byte buffer that one large execution made, so that a kept set stays small.</summary>
    public void Trim(int lengthMax)
    {
        if (_bytes.Length > lengthMax && _bytesUsed == 0)
            _bytes = [];
    }

    private void SetBytes(int index, ParameterKind kind, ReadOnlySpan<byte> value)
    {
        if (_bytes.Length - _bytesUsed < value.Length)
            Array.Resize(ref _bytes, Math.Max(_bytesUsed + value.Length, Math.Min(2 * _bytes.Length, Array.MaxLength)));
        value.CopyTo(_bytes.AsSpan(_bytesUsed));
        Set(index, kind, ((long)_bytesUsed << 32) | (uint)value.Length);
        _bytesUsed += value.Length;
    }

    private void Set(int index, ParameterKind kind, long number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        _kinds[index] = kind;
        _numbers[index] = number;
    }
}
