using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 that chooses a type, then the bytes of a key of one such column. What was read, encoded again, is what was read; and it can be
/// shown as text.
/// </summary>
internal sealed class KeyTarget : IFuzzTarget, IDisposable
{
    private static readonly SqlType[] Types =
    [
        SqlType.BigInt, SqlType.UnsignedBigInt, SqlType.Int, SqlType.Double, SqlType.Float, SqlType.Date, SqlType.Time(6), SqlType.DateTime(6),
        SqlType.Timestamp(3), SqlType.Decimal(10, 2), SqlType.Decimal(30, 5), SqlType.Decimal(65, 30), SqlType.VarBinary(255),
        SqlType.VarChar(20, Collation.Utf8Mb4Bin), SqlType.VarChar(20), new(SqlTypeKind.Year), new(SqlTypeKind.Bit, 12),
    ];

    private readonly ByteWriter _again = new();
    private readonly ByteWriter _text = new();

    public string Name => "key";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Types/KeyDecoder.cs"];

    public int InputLengthMax => 512;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            for (byte type = 0; type < Types.Length; type++)
            {
                yield return [type, 0];
                var vector = new ColumnVector(Types[type], 1);
                switch (vector.Physical)
                {
                    case PhysicalKind.Double: vector.SetDouble(0, -1.5); break;
                    case PhysicalKind.Decimal: vector.SetDecimal(0, new SqlDecimal(-12)); break;
                    case PhysicalKind.Bytes: vector.SetBytes(0, "a\0b"u8); break;
                    default: vector.SetInt64(0, Types[type].HasDate ? new TemporalValue(2024, 2, 29).Packed : 7); break;
                }

                using var key = new ByteWriter();
                key.WriteByte(type);
                KeyEncoder.Append(key, vector, 0);
                yield return key.Written.ToArray();
            }
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        SqlType type = Types[input[0] % Types.Length];
        var vector = new ColumnVector(type, 1);
        ReadOnlySpan<byte> key = input[1..];
        ReadOnlySpan<byte> rest = key;
        bool isRead = KeyDecoder.TryRead(ref rest, vector, 0);
        probe.EndDecoding();
        probe.Reached((input[0] % Types.Length * 3) + (isRead ? vector.IsNull(0) ? 2 : 1 : 0));
        if (!isRead)
        {
            FuzzLaw.Require(rest.Length == key.Length, "what is not read is not taken");
            return false;
        }

        _again.Clear();
        KeyEncoder.Append(_again, vector, 0);
        FuzzLaw.RequireSame(key[..(key.Length - rest.Length)], _again.Written, "a key is its value's");
        _text.Clear();
        if (!vector.IsNull(0))
            ValueFormatter.Format(vector, 0, _text);
        return true;
    }

    public void Dispose()
    {
        _again.Dispose();
        _text.Dispose();
    }
}
