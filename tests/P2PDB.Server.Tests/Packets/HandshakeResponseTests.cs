using System.Text;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Packets;

public class HandshakeResponseTests
{
    private const string FixedPart = "00000001 ff 0000000000000000000000000000000000000000000000";

    [Fact]
    public void All_fields_are_read()
    {
        // Protocol41 | ConnectWithDatabase | SecureConnection | PluginAuthentication | ConnectAttributes | lenenc
        byte[] payload = Bytes.Of("08823800" + FixedPart + "726f6f7400 03aabbcc 6462 00 706c7567 00 04 016b 0176");

        HandshakeStatus status = HandshakeResponse.TryParse(payload, out HandshakeResponse response);

        Assert.Equal(HandshakeStatus.Valid, status);
        Assert.Equal("root", Encoding.UTF8.GetString(response.User));
        Bytes.AssertHex("aabbcc", response.Authentication);
        Assert.Equal("db", Encoding.UTF8.GetString(response.Database));
        Assert.Equal("plug", Encoding.UTF8.GetString(response.Plugin));
        Bytes.AssertHex("016b0176", response.Attributes);
        Assert.Equal(255, response.Collation);
    }

    [Theory]
    [InlineData("", HandshakeStatus.Malformed)]
    [InlineData("00020000", HandshakeStatus.Malformed)]
    [InlineData("00000000" + FixedPart + "7500 00", HandshakeStatus.TooOld)]
    [InlineData("000a0000" + FixedPart, HandshakeStatus.TlsRequest)]
    [InlineData("000a0000" + FixedPart + "75", HandshakeStatus.Malformed)]
    [InlineData("00820000" + FixedPart + "75", HandshakeStatus.Malformed)]
    [InlineData("00820000" + FixedPart + "7500 05 aabb", HandshakeStatus.Malformed)]
    [InlineData("00822000" + FixedPart + "7500 feffffffffffffff7f", HandshakeStatus.Malformed)]
    [InlineData("00821000" + FixedPart + "7500 00 05 016b", HandshakeStatus.Malformed)]
    [InlineData("00821000" + FixedPart + "7500 00 03 016b 05", HandshakeStatus.Malformed)]
    public void Bad_responses_give_a_status(string hex, object expected) =>
        Assert.Equal(expected, (object)HandshakeResponse.TryParse(Bytes.Of(hex), out _));

    [Fact]
    public void Change_user_carries_the_same_fields_in_its_own_order()
    {
        const Capabilities capabilities = Capabilities.SecureConnection | Capabilities.PluginAuthentication;
        byte[] arguments = Bytes.Of("7500 02aabb 6400 ff00 7000");

        HandshakeStatus status = HandshakeResponse.TryParseChangeUser(arguments, capabilities, out HandshakeResponse response);

        Assert.Equal(HandshakeStatus.Valid, status);
        Assert.Equal("u", Encoding.UTF8.GetString(response.User));
        Bytes.AssertHex("aabb", response.Authentication);
        Assert.Equal("d", Encoding.UTF8.GetString(response.Database));
        Assert.Equal("p", Encoding.UTF8.GetString(response.Plugin));
    }
}
