using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;

namespace P2PDB.Server.Tests.ResultSets;

/// <summary>Length, type, flags and decimals as a MySQL server reports them for the same columns.</summary>
public class ColumnDefinitionTests
{
    [Fact]
    public void A_table_column_has_all_its_names()
    {
        var column = new ResultColumn("a", SqlType.Int)
        {
            Schema = "s",
            Table = "t",
            OriginalTable = "ot",
            OriginalName = "oa",
            Traits = ResultColumnTraits.NotNull | ResultColumnTraits.PrimaryKey | ResultColumnTraits.AutoIncrement,
        };

        Bytes.AssertHex("03646566 0173 0174 026f74 0161 026f61 0c 3f00 0b000000 03 0302 00 0000", Write(column));
    }

    [Fact]
    public void A_parameter_is_described_as_mysql_does() =>
        Bytes.AssertHex("03646566 00 00 00 013f 00 0c 3f00 00000000 fd 8000 00 0000", Write(ColumnDefinitionPacket.Parameter));

    [Theory]
    [InlineData(SqlTypeKind.VarChar, 10, 0, 0, "ff00 28000000 fd 0000 00")]
    [InlineData(SqlTypeKind.Char, 3, 0, 0, "ff00 0c000000 fe 0000 00")]
    [InlineData(SqlTypeKind.VarBinary, 10, 0, 0, "3f00 0a000000 fd 8000 00")]
    [InlineData(SqlTypeKind.Text, 65535, 0, 0, "ff00 fcff0300 fc 1000 00")]
    [InlineData(SqlTypeKind.LongText, 4294967295, 0, 0, "ff00 ffffffff fc 1000 00")]
    [InlineData(SqlTypeKind.Blob, 65535, 0, 0, "3f00 ffff0000 fc 9000 00")]
    [InlineData(SqlTypeKind.Json, 0, 0, 0, "3f00 ffffffff f5 9000 00")]
    [InlineData(SqlTypeKind.Decimal, 0, 10, 2, "3f00 0c000000 f6 0000 02")]
    [InlineData(SqlTypeKind.Double, 22, 0, 31, "3f00 16000000 05 0000 1f")]
    [InlineData(SqlTypeKind.Float, 12, 0, 31, "3f00 0c000000 04 0000 1f")]
    [InlineData(SqlTypeKind.BigInt, 20, 0, 0, "3f00 14000000 08 0000 00")]
    [InlineData(SqlTypeKind.TinyInt, 4, 0, 0, "3f00 04000000 01 0000 00")]
    [InlineData(SqlTypeKind.Date, 10, 0, 0, "3f00 0a000000 0a 8000 00")]
    [InlineData(SqlTypeKind.DateTime, 0, 0, 3, "3f00 17000000 0c 8000 03")]
    [InlineData(SqlTypeKind.Timestamp, 0, 0, 0, "3f00 13000000 07 8004 00")]
    [InlineData(SqlTypeKind.Year, 4, 0, 0, "3f00 04000000 0d 6000 00")]
    [InlineData(SqlTypeKind.Bit, 1, 0, 0, "3f00 01000000 10 2000 00")]
    public void Types_have_mysqls_length_flags_and_decimals(SqlTypeKind kind, long length, byte precision, byte scale, string tail)
    {
        bool isText = kind is SqlTypeKind.VarChar or SqlTypeKind.Char or SqlTypeKind.Text or SqlTypeKind.LongText;
        var type = new SqlType(kind, length, precision, scale, collation: isText ? Collation.Default : null);

        byte[] actual = Write(new ResultColumn("c", type) { OriginalName = "c" });

        Bytes.AssertHex(tail + "0000", actual.AsSpan(actual.Length - 12));
    }

    [Fact]
    public void Long_names_are_behind_long_lengths()
    {
        byte[] actual = Write(new ResultColumn(new string('x', 300), SqlType.Int));

        Bytes.AssertHex("03646566 00 00 00 fc2c01 7878", actual.AsSpan(0, 12));
    }

    private static byte[] Write(ResultColumn column)
    {
        using var writer = new PacketWriter();
        ColumnDefinitionPacket.Write(writer, column);
        return writer.Written[4..].ToArray();
    }
}
