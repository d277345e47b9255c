using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Types;

public class RowImageTests
{
    private static readonly SqlType[] AllTypes =
    [
        SqlType.Int, SqlType.VarChar(20), new(SqlTypeKind.TinyInt, isUnsigned: true), SqlType.Decimal(10, 2),
        SqlType.Decimal(30, 4), SqlType.Decimal(65, 10), SqlType.Double, SqlType.Float, SqlType.Date, SqlType.Time(6),
        SqlType.DateTime(6), new(SqlTypeKind.MediumInt), SqlType.LongBlob, SqlType.Json, new(SqlTypeKind.Year),
        new(SqlTypeKind.Bit, 64), SqlType.UnsignedBigInt,
    ];

    [Fact]
    public void Golden_bytes_never_change()
    {
        RowLayout layout = new([SqlType.Int, SqlType.VarChar(20), SqlType.Decimal(10, 2), SqlType.VarChar(5), SqlType.Date]);
        using var target = new ByteWriter();
        var writer = new RowImageWriter(layout, target);
        writer.SetInt64(0, -2);
        writer.SetBytes(1, "héy"u8);
        writer.SetDecimal(2, SqlDecimal.FromScaled(-150, 2));
        writer.SetInt64(4, new TemporalValue(2024, 2, 29).Packed);
        writer.Finish();

        Assert.Equal("08" + "FEFFFFFF" + "6AFFFFFFFFFFFFFF" + "5DD90C00" + "04000000" + "04000000" + "68C3A979",
            Convert.ToHexString(target.Written));
        Assert.True(layout.TryValidate(target.Written));
    }

    [Fact]
    public void Every_type_comes_back()
    {
        RowLayout layout = new(AllTypes);
        var dice = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            using var target = new ByteWriter();
            var writer = new RowImageWriter(layout, target);
            var expected = new SqlValue[AllTypes.Length];
            for (int i = 0; i < AllTypes.Length; i++)
            {
                expected[i] = Draw(AllTypes[i], dice);
                writer.Set(i, expected[i]);
            }

            writer.Finish();
            Assert.True(layout.TryValidate(target.Written));
            for (int i = 0; i < AllTypes.Length; i++)
                AssertColumn(layout, target.Written, i, expected[i]);
        }
    }

    [Fact]
    public void Altered_images_are_refused_or_canonical()
    {
        RowLayout layout = new(AllTypes);
        var dice = new Random(2);
        for (int round = 0; round < 3_000; round++)
        {
            using var target = new ByteWriter();
            var writer = new RowImageWriter(layout, target);
            for (int i = 0; i < AllTypes.Length; i++)
                writer.Set(i, Draw(AllTypes[i], dice));
            writer.Finish();
            byte[] image = target.Written.ToArray();
            image[dice.Next(image.Length)] ^= (byte)(1 << dice.Next(8));
            if (dice.Next(4) == 0)
                image = image[..dice.Next(image.Length)];
            if (layout.TryValidate(image))
                Assert.Equal(image, Rewrite(layout, image));
        }
    }

    internal static byte[] Rewrite(RowLayout layout, byte[] image)
    {
        using var copy = new ByteWriter();
        var writer = new RowImageWriter(layout, copy);
        for (int i = 0; i < layout.ColumnCount; i++)
        {
            if (RowLayout.IsNull(image, i))
                continue;
            if (layout.IsVariable(i))
                writer.SetBytes(i, layout.GetBytes(image, i));
            else if (layout.CodeOf(i) is StorageCode.F32 or StorageCode.F64)
                writer.SetDouble(i, layout.GetDouble(image, i));
            else if (layout.CodeOf(i) is StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32)
                writer.SetDecimal(i, layout.GetDecimal(image, i));
            else
                writer.SetInt64(i, layout.GetInt64(image, i));
        }

        writer.Finish();
        return copy.Written.ToArray();
    }

    private static void AssertColumn(RowLayout layout, ReadOnlySpan<byte> image, int column, SqlValue expected)
    {
        Assert.Equal(expected.IsNull, RowLayout.IsNull(image, column));
        if (expected.IsNull)
            return;
        switch (expected.Type.Physical)
        {
            case PhysicalKind.Int64: Assert.Equal(expected.Int64, layout.GetInt64(image, column)); break;
            case PhysicalKind.Double: Assert.Equal(expected.Double, layout.GetDouble(image, column)); break;
            case PhysicalKind.Decimal: Assert.Equal(expected.Decimal, layout.GetDecimal(image, column)); break;
            default: Assert.True(expected.Bytes.Span.SequenceEqual(layout.GetBytes(image, column))); break;
        }
    }

    private static SqlValue Draw(SqlType type, Random dice)
    {
        if (dice.Next(5) == 0)
            return SqlValue.NullOf(type);
        switch (type.Physical)
        {
            case PhysicalKind.Double:
                return SqlValue.FromDouble(type, (float)((dice.NextDouble() - 0.5) * 1e6));
            case PhysicalKind.Decimal:
                return SqlValue.FromDecimal(type, SqlDecimal.FromScaled(dice.NextInt64(-999_999_999, 999_999_999), type.Scale));
            case PhysicalKind.Bytes:
                byte[] bytes = new byte[dice.Next(12)];
                dice.NextBytes(bytes);
                return SqlValue.FromBytes(type, bytes);
            default:
                long value = type.Kind switch
                {
                    SqlTypeKind.TinyInt or SqlTypeKind.Year => dice.Next(256),
                    SqlTypeKind.MediumInt => dice.Next(-8_388_608, 8_388_608),
                    SqlTypeKind.Int => dice.Next(int.MinValue, int.MaxValue),
                    SqlTypeKind.Date => new TemporalValue(dice.Next(10_000), dice.Next(13), dice.Next(32)).Packed,
                    SqlTypeKind.Time => dice.NextInt64(-TemporalValue.TimeMax, TemporalValue.TimeMax),
                    SqlTypeKind.DateTime => new TemporalValue(dice.Next(10_000), 5, 6, 7, 8, 9, dice.Next(1_000_000)).Packed,
                    _ => dice.NextInt64(long.MinValue, long.MaxValue),
                };
                return SqlValue.FromInt64(type, value);
        }
    }
}
