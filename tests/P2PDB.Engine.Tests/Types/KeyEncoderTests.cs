using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Types;

public class KeyEncoderTests
{
    [Fact]
    public void Golden_bytes_never_change()
    {
        using var key = new ByteWriter();
        KeyEncoder.AppendNull(key);
        KeyEncoder.AppendInt64(key, -1, isUnsigned: false);
        KeyEncoder.AppendInt64(key, 1, isUnsigned: true);
        KeyEncoder.AppendDouble(key, -1.5);
        KeyEncoder.AppendDecimal(key, SqlDecimal.FromScaled(-150, 2), 10, 2);
        KeyEncoder.AppendString(key, "a\0b"u8, Collation.Binary);
        KeyEncoder.AppendString(key, "aB"u8, Collation.Default);
        KeyEncoder.AppendString(key, "aB"u8, Collation.Utf8Mb4GeneralCi);

        Assert.Equal("00" + "017FFFFFFFFFFFFFFF" + "010000000000000001" + "014007FFFFFFFFFFFF" + "017FFFFFFFFFFFFF6A"
            + "016100FF620000" + "011FA21FBC0000" + "0100FF4100FF420000", Convert.ToHexString(key.Written));
    }

    [Fact]
    public void Order_of_bytes_is_order_of_values()
    {
        var dice = new Random(3);
        for (int i = 0; i < 5_000; i++)
        {
            long a = dice.NextInt64(long.MinValue, long.MaxValue) >> dice.Next(64), b = dice.NextInt64(long.MinValue, long.MaxValue) >> dice.Next(64);
            AssertOrder(a.CompareTo(b), key => KeyEncoder.AppendInt64(key, a, false), key => KeyEncoder.AppendInt64(key, b, false));
            double x = BitConverter.Int64BitsToDouble(a), y = BitConverter.Int64BitsToDouble(b);
            if (!double.IsNaN(x) && !double.IsNaN(y))
                AssertOrder(x.CompareTo(y), key => KeyEncoder.AppendDouble(key, x), key => KeyEncoder.AppendDouble(key, y));
            SqlDecimal p = SqlDecimal.FromScaled(a, 3), q = SqlDecimal.FromScaled(b, 3);
            AssertOrder(p.CompareTo(q), key => KeyEncoder.AppendDecimal(key, p, 30, 3), key => KeyEncoder.AppendDecimal(key, q, 30, 3));
            foreach (Collation collation in Collation.All)
            {
                byte[] s = DrawText(dice), t = DrawText(dice);
                if (collation.IsPadSpace && HasLowControl(s, t))
                    continue;
                AssertOrder(Math.Sign(collation.Compare(s, t)), key => KeyEncoder.AppendString(key, s, collation), key => KeyEncoder.AppendString(key, t, collation));
                if (collation.Compare(s, t) == 0)
                    Assert.Equal(collation.GetHashCode(s), collation.GetHashCode(t));
            }
        }
    }

    // With PAD SPACE a character below the blank sorts below the end of the string; keys put it above.
    private static bool HasLowControl(byte[] left, byte[] right) =>
        left.AsSpan().IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0 || right.AsSpan().IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0;

    private static byte[] DrawText(Random dice)
    {
        string[] pieces = ["a", "A", "b", "B", " ", "é", "E", "ß", "ss", "z", "Ω", "я", "中", "한", "😀", "\0", "1"];
        var text = new StringBuilder();
        for (int i = dice.Next(5); i > 0; i--)
            text.Append(pieces[dice.Next(pieces.Length)]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AssertOrder(int expected, Action<ByteWriter> left, Action<ByteWriter> right)
    {
        using var a = new ByteWriter();
        using var b = new ByteWriter();
        left(a);
        right(b);
        Assert.Equal(Math.Sign(expected), Math.Sign(a.Written.SequenceCompareTo(b.Written)));
    }
}
