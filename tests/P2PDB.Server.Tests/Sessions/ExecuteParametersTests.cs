using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Sessions;

namespace P2PDB.Server.Tests.Sessions;

public class ExecuteParametersTests
{
    private const string Head = "00 01000000";

    [Fact]
    public void Every_type_is_read()
    {
        using var statement = new ClientStatement(1, null, 12);
        byte[] packet = Bytes.Of(Head + "0200 01"
            + "0100 0300 0280 0800 0880 0400 0500 fd00 fc00 f600 0c00 0b00"
            + "ff ffff 0200000000000080 ffffffffffffffff 0000c03f 000000000000f83f 0168 0200ff 03312e35"
            + "0b ea07 02 09 01 02 03 a00f0000 0c 01 01000000 02 03 04 05000000");

        Assert.True(ExecuteParameters.TryRead(packet, statement));

        ParameterSet set = statement.Parameters;
        Assert.Equal(-1, set.GetInt64(0));
        Assert.True(set.IsNull(1));
        Assert.Equal((ParameterKind.UnsignedInteger, 65_535), (set.GetKind(2), set.GetInt64(2)));
        Assert.Equal(long.MinValue + 2, set.GetInt64(3));
        Assert.Equal((ParameterKind.UnsignedInteger, -1), (set.GetKind(4), set.GetInt64(4)));
        Assert.Equal(1.5, set.GetDouble(5));
        Assert.Equal(1.5, set.GetDouble(6));
        Assert.Equal(ParameterKind.Text, set.GetKind(7));
        Bytes.AssertHex("68", set.GetBytes(7));
        Assert.Equal(ParameterKind.Binary, set.GetKind(8));
        Bytes.AssertHex("00ff", set.GetBytes(8));
        Assert.Equal(ParameterKind.ExactNumber, set.GetKind(9));
        Assert.Equal(new TemporalValue(2026, 2, 9, 1, 2, 3, 4_000).Packed, set.GetInt64(10));
        Assert.Equal(-(((26L * 60 + 3) * 60 + 4) * 1_000_000 + 5), set.GetInt64(11));
    }

    [Fact]
    public void Types_are_remembered_for_executions_that_send_none()
    {
        using var statement = new ClientStatement(1, null, 1);

        Assert.False(ExecuteParameters.TryRead(Bytes.Of(Head + "00 00 05"), statement));
        Assert.True(ExecuteParameters.TryRead(Bytes.Of(Head + "00 01 0100 05"), statement));
        Assert.True(ExecuteParameters.TryRead(Bytes.Of(Head + "00 00 07"), statement));
        Assert.Equal(7, statement.Parameters.GetInt64(0));
    }

    [Fact]
    public void Long_data_replaces_a_value_of_the_packet()
    {
        using var statement = new ClientStatement(1, null, 2);
        statement.AppendLongData(0, "ab"u8, 100);
        statement.AppendLongData(0, "cd"u8, 100);

        Assert.True(ExecuteParameters.TryRead(Bytes.Of(Head + "00 01 fc00 0100 07"), statement));
        Bytes.AssertHex("61626364", statement.Parameters.GetBytes(0));
        Assert.Equal(7, statement.Parameters.GetInt64(1));

        statement.AppendLongData(1, new byte[97], 100);
        Assert.Equal(1153, statement.PendingError!.Code);
        statement.ForgetLongData();
        statement.AppendLongData(9, "x"u8, 100);
        Assert.Equal(1210, statement.PendingError!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00 01000000")]
    [InlineData("00 01000000 00 01 01")]
    [InlineData("00 01000000 00 01 0800 01020304")]
    [InlineData("00 01000000 00 01 fd00 05 61")]
    [InlineData("00 01000000 00 01 fd00 feffffffffffffffff")]
    [InlineData("00 01000000 00 01 0c00 05 0102030405")]
    [InlineData("00 01000000 00 01 0b00 08 00")]
    public void Executions_that_do_not_fit_are_refused(string hex)
    {
        using var statement = new ClientStatement(1, null, 1);
        Assert.False(ExecuteParameters.TryRead(Bytes.Of(hex), statement));
    }

    [Fact]
    public void Parts_that_no_date_has_give_the_zero_date()
    {
        using var statement = new ClientStatement(1, null, 2);
        Assert.True(ExecuteParameters.TryRead(
            Bytes.Of(Head + "00 01 0a00 0b00 04 ea07 0d 01 08 00 ffffffff 00 00 00"), statement));

        Assert.Equal(0, statement.Parameters.GetInt64(0));
        Assert.Equal(TemporalValue.TimeMax, statement.Parameters.GetInt64(1));
    }
}
