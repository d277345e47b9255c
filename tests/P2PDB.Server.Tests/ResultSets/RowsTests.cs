using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;

namespace P2PDB.Server.Tests.ResultSets;

/// <summary>Every type in both row formats, against bytes derived by hand from the protocol's documentation.</summary>
public class RowsTests
{
    public static TheoryData<string> Cases => [.. Values.Keys];

    private static readonly SessionTimeZone Plus2 =
        SessionTimeZone.TryParse("+02:00", out SessionTimeZone zone) ? zone : SessionTimeZone.Utc;

    private static readonly Dictionary<string, Value> Values = new()
    {
        ["tinyint"] = new(new SqlType(SqlTypeKind.TinyInt), v => v.SetInt64(0, -2), "-2", "fe"),
        ["tinyint unsigned"] = new(new SqlType(SqlTypeKind.TinyInt, isUnsigned: true), v => v.SetInt64(0, 254), "254", "fe"),
        ["smallint"] = new(new SqlType(SqlTypeKind.SmallInt), v => v.SetInt64(0, -2), "-2", "feff"),
        ["mediumint"] = new(new SqlType(SqlTypeKind.MediumInt), v => v.SetInt64(0, -2), "-2", "feffffff"),
        ["int"] = new(SqlType.Int, v => v.SetInt64(0, 1_000_000), "1000000", "40420f00"),
        ["bigint"] = new(SqlType.BigInt, v => v.SetInt64(0, long.MinValue), "-9223372036854775808", "0000000000000080"),
        ["bigint unsigned"] = new(SqlType.UnsignedBigInt, v => v.SetInt64(0, -1), "18446744073709551615", "ffffffffffffffff"),
        ["year"] = new(new SqlType(SqlTypeKind.Year), v => v.SetInt64(0, 2026), "2026", "ea07"),
        ["year 0"] = new(new SqlType(SqlTypeKind.Year), v => v.SetInt64(0, 0), "0000", "0000"),
        ["float"] = new(SqlType.Float, v => v.SetDouble(0, 16_777_216), "16777200", "0000804b"),
        ["double"] = new(SqlType.Double, v => v.SetDouble(0, 0.1), "0.1", "9a9999999999b93f"),
        ["double large"] = new(SqlType.Double, v => v.SetDouble(0, -1e20), "-1e20", "408cb5781daf15c4"),
        ["decimal"] = new(SqlType.Decimal(10, 2), v => v.SetDecimal(0, SqlDecimal.FromScaled(-150, 2)), "-1.50", "05 2d312e3530"),
        ["bit"] = new(new SqlType(SqlTypeKind.Bit, 9), v => v.SetInt64(0, 257), "\u0001\u0001", "02 0101"),
        ["date"] = new(SqlType.Date, v => v.SetInt64(0, new TemporalValue(2026, 2, 9).Packed), "2026-02-09", "04 ea07 02 09"),
        ["zero date"] = new(SqlType.Date, v => v.SetInt64(0, 0), "0000-00-00", "00"),
        ["datetime"] = new(SqlType.DateTime(), v => v.SetInt64(0, new TemporalValue(2026, 2, 9, 1, 2, 3).Packed),
            "2026-02-09 01:02:03", "07 ea07 02 09 01 02 03"),
        ["datetime(3)"] = new(SqlType.DateTime(3), v => v.SetInt64(0, new TemporalValue(2026, 2, 9, 1, 2, 3, 4_000).Packed),
            "2026-02-09 01:02:03.004", "0b ea07 02 09 01 02 03 a00f0000"),
        ["timestamp"] = new(SqlType.Timestamp(), v => v.SetInt64(0, 1_000_000), "1970-01-01 02:00:01", "07 b207 01 01 02 00 01"),
        ["time"] = new(SqlType.Time(), v => v.SetInt64(0, -(100L * 3_600 + 62) * 1_000_000), "-100:01:02", "08 01 04000000 04 01 02"),
        ["time(6)"] = new(SqlType.Time(6), v => v.SetInt64(0, 1), "00:00:00.000001", "0c 00 00000000 00 00 00 01000000"),
        ["zero time"] = new(SqlType.Time(), v => v.SetInt64(0, 0), "00:00:00", "00"),
        ["varchar"] = new(SqlType.VarChar(10), v => v.SetBytes(0, "hé"u8), "hé", "03 68c3a9"),
        ["enum"] = new(new SqlType(SqlTypeKind.Enum, members: new MemberList(["a", "bc"])), v => v.SetInt64(0, 2), "bc", "02 6263"),
        ["enum error"] = new(new SqlType(SqlTypeKind.Enum, members: new MemberList(["a"])), v => v.SetInt64(0, 0), "", "00"),
        ["set"] = new(new SqlType(SqlTypeKind.Set, members: new MemberList(["a", "b", "c"])), v => v.SetInt64(0, 5), "a,c", "03 612c63"),
        ["json"] = new(SqlType.Json, v => v.SetBytes(0, "{}"u8), "{}", "02 7b7d"),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_rows_hold_the_value_as_text(string name)
    {
        Value value = Values[name];
        byte[] expected = Encoding.UTF8.GetBytes(value.Text);

        Bytes.AssertHex($"{expected.Length:x2}" + Bytes.Hex(expected), Write(value, isBinary: false));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Binary_rows_hold_the_value_in_its_own_form(string name)
    {
        Value value = Values[name];

        Bytes.AssertHex("0000" + value.Binary, Write(value, isBinary: true));
    }

    [Fact]
    public void Nulls_are_marks_in_text_and_bits_in_binary()
    {
        SqlType[] types = [.. Enumerable.Repeat(new SqlType(SqlTypeKind.TinyInt), 8)];
        var batch = new RowBatch(types) { RowCount = 1 };
        for (int i = 0; i < types.Length; i++)
            batch.Column(i).SetInt64(0, i);
        batch.Column(0).SetNull(0);
        batch.Column(6).SetNull(0);
        ColumnForm[] forms = [.. types.Select(type => ColumnForm.Of(new ResultColumn("c", type)))];
        using var writer = new PacketWriter();

        writer.Begin();
        TextRows.Write(writer, forms, batch, 0, SessionTimeZone.Utc);
        writer.End();
        Bytes.AssertHex("fb 0131 0132 0133 0134 0135 fb 0137", writer.Written[4..]);

        writer.Clear();
        writer.Begin();
        BinaryRows.Write(writer, forms, batch, 0, SessionTimeZone.Utc);
        writer.End();
        Bytes.AssertHex("00 0401 01 02 03 04 05 07", writer.Written[4..]);
    }

    [Fact]
    public void Zerofill_pads_text_to_the_display_width()
    {
        var type = new SqlType(SqlTypeKind.Int, 5, isUnsigned: true);
        var batch = new RowBatch([type]) { RowCount = 1 };
        batch.Column(0).SetInt64(0, 42);
        using var writer = new PacketWriter();

        writer.Begin();
        TextRows.Write(writer, [ColumnForm.Of(new ResultColumn("c", type) { Traits = ResultColumnTraits.ZeroFill })], batch, 0,
            SessionTimeZone.Utc);
        writer.End();

        Bytes.AssertHex("05 3030303432", writer.Written[4..]);
    }

    [Fact]
    public void Warm_rows_allocate_nothing()
    {
        SqlType[] types = [SqlType.BigInt, SqlType.VarChar(20), SqlType.Double, SqlType.Decimal(10, 2), SqlType.DateTime(6)];
        var batch = new RowBatch(types) { RowCount = 1 };
        batch.Column(0).SetInt64(0, 1);
        batch.Column(1).SetBytes(0, "text"u8);
        batch.Column(2).SetDouble(0, 1.5);
        batch.Column(3).SetDecimal(0, new SqlDecimal(7));
        batch.Column(4).SetInt64(0, new TemporalValue(2026, 1, 2).Packed);
        ColumnForm[] forms = [.. types.Select(type => ColumnForm.Of(new ResultColumn("c", type)))];
        using var writer = new PacketWriter();
        Cycle(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle(int count)
        {
            for (int i = 0; i < count; i++)
            {
                writer.Clear();
                writer.Begin();
                TextRows.Write(writer, forms, batch, 0, SessionTimeZone.Utc);
                BinaryRows.Write(writer, forms, batch, 0, SessionTimeZone.Utc);
                writer.End();
            }
        }
    }

    private static byte[] Write(Value value, bool isBinary)
    {
        var batch = new RowBatch([value.Type]) { RowCount = 1 };
        value.Set(batch.Column(0));
        ColumnForm[] forms = [ColumnForm.Of(new ResultColumn("c", value.Type))];
        using var writer = new PacketWriter();
        writer.Begin();
        if (isBinary)
            BinaryRows.Write(writer, forms, batch, 0, Plus2);
        else
            TextRows.Write(writer, forms, batch, 0, Plus2);
        writer.End();
        return writer.Written[4..].ToArray();
    }

    private sealed record Value(SqlType Type, Action<ColumnVector> Set, string Text, string Binary);
}
