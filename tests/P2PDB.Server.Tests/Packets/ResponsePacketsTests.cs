using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Packets;

/// <summary>Bytes as the field tables of the protocol's documentation give them.</summary>
public class ResponsePacketsTests
{
    [Fact]
    public void Greeting_has_the_fields_of_handshake_v10()
    {
        using var writer = new PacketWriter();
        HandshakePacket.Write(writer, 0x01020304, "abcdefghijklmnopqrst"u8, (Capabilities)0x0F0E_8D0C, 255, 2,
            "8.4"u8, "plug"u8);

        Bytes.AssertHex(
            "36000000 0a 382e3400 04030201 6162636465666768 00 0c8d ff 0200 0e0f 15 00000000000000000000 "
            + "696a6b6c6d6e6f7071727374 00 706c756700", writer.Written);
    }

    [Fact]
    public void Ok_counts_in_length_encoded_integers()
    {
        using var writer = new PacketWriter { Sequence = 1 };
        ResponsePackets.WriteOk(writer, Capabilities.Protocol41, new OkFigures
        {
            AffectedRows = 3,
            LastInsertId = 300,
            Status = 2,
            Warnings = 1,
            Message = StatementMessage.Text("hi"),
        });

        Bytes.AssertHex("0c000001 00 03 fc2c01 0200 0100 02 6869", writer.Written);
    }

    [Fact]
    public void Ok_tells_a_tracking_client_the_new_schema()
    {
        using var writer = new PacketWriter { Sequence = 1 };
        ResponsePackets.WriteOk(writer, Capabilities.SessionTrack, new OkFigures { Status = 2, ChangedSchema = "test" });

        // info "", 7 bytes of changes: type 1 (schema), 5 bytes, "test"
        Bytes.AssertHex("10000001 00 00 00 0240 0000 00 07 01 05 04 74657374", writer.Written);
    }

    [Fact]
    public void Rows_end_with_eof_for_old_clients_and_with_ok_for_new_ones()
    {
        using var writer = new PacketWriter { Sequence = 5 };
        var figures = new OkFigures { Status = 0x22, Warnings = 1 };
        ResponsePackets.WriteEndOfRows(writer, Capabilities.Protocol41, figures);
        ResponsePackets.WriteEndOfRows(writer, Capabilities.DeprecateEof, figures);

        Bytes.AssertHex("05000005 fe 0100 2200  07000006 fe 00 00 2200 0100", writer.Written);
    }

    [Fact]
    public void Error_has_code_state_and_text()
    {
        using var writer = new PacketWriter { Sequence = 1 };
        ResponsePackets.WriteError(writer, new SqlError(1064, "42000", "ab"));

        Bytes.AssertHex("0b000001 ff 2804 23 3432303030 6162", writer.Written);
    }

    [Fact]
    public void Authentication_switch_names_plugin_and_nonce()
    {
        using var writer = new PacketWriter { Sequence = 2 };
        AuthenticationPackets.WriteSwitch(writer, "p"u8, "nn"u8);
        AuthenticationPackets.WriteMoreData(writer, [3]);

        Bytes.AssertHex("06000002 fe 7000 6e6e00  02000003 01 03", writer.Written);
    }

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(250UL, "fa")]
    [InlineData(251UL, "fcfb00")]
    [InlineData(65_535UL, "fcffff")]
    [InlineData(65_536UL, "fd000001")]
    [InlineData(0xFF_FFFFUL, "fdffffff")]
    [InlineData(0x100_0000UL, "fe0000000100000000")]
    [InlineData(ulong.MaxValue, "feffffffffffffffff")]
    public void Length_encoded_integers_round_trip(ulong value, string hex)
    {
        using var writer = new PacketWriter();
        writer.Begin();
        writer.WriteLengthEncoded(value);
        writer.End();

        Bytes.AssertHex(hex, writer.Written[4..]);
        var reader = new PayloadReader(writer.Written[4..]);
        Assert.True(reader.TryReadLengthEncoded(out ulong read));
        Assert.Equal(value, read);
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fb")]
    [InlineData("ff")]
    [InlineData("fc01")]
    [InlineData("fd0102")]
    [InlineData("fe01020304050607")]
    public void Truncated_or_reserved_length_encoded_integers_are_refused(string hex)
    {
        var reader = new PayloadReader(Bytes.Of(hex));
        Assert.False(reader.TryReadLengthEncoded(out _));
        Assert.Equal(hex.Length / 2, reader.Rest.Length);
    }

    [Fact]
    public void An_abandoned_row_leaves_no_trace()
    {
        using var writer = new PacketWriter();
        writer.Begin();
        writer.WriteByte(1);
        writer.End();
        writer.Begin();
        writer.WriteBytes(Encoding.ASCII.GetBytes("half a row"));
        writer.Abandon();

        Bytes.AssertHex("01000000 01", writer.Written);
        Assert.Equal(1, writer.Sequence);
    }
}
