using P2PDB.Network.Muxers;

namespace P2PDB.Network.Tests.Muxers;

public class YamuxFrameTests
{
    [Theory]
    [InlineData("00000000000000010000000a", YamuxTypeName.Data, 0, 1u, 10u)]
    [InlineData("000100010000000100000000", YamuxTypeName.WindowUpdate, 1, 1u, 0u)]
    [InlineData("000100020000000200040000", YamuxTypeName.WindowUpdate, 2, 2u, 262144u)]
    [InlineData("00000004fffffffe00000000", YamuxTypeName.Data, 4, 0xFFFF_FFFEu, 0u)]
    [InlineData("000100080000000300000000", YamuxTypeName.WindowUpdate, 8, 3u, 0u)]
    [InlineData("000200010000000001020304", YamuxTypeName.Ping, 1, 0u, 0x01020304u)]
    [InlineData("000300000000000000000001", YamuxTypeName.GoAway, 0, 0u, 1u)]
    public void Frames_have_their_golden_bytes(string hex, YamuxTypeName type, int flags, uint streamId, uint length)
    {
        byte[] golden = Convert.FromHexString(hex);
        var expected = new YamuxFrame((YamuxType)type, (YamuxFlags)flags, streamId, length);
        byte[] encoded = new byte[YamuxFrame.HeaderLength];

        expected.Encode(encoded);

        Assert.Equal(golden, encoded);
        Assert.True(YamuxFrame.TryDecode(golden, out YamuxFrame decoded));
        Assert.Equal(expected, decoded);
    }

    [Theory]
    [InlineData("01000000000000010000000a")]   // version 1
    [InlineData("00040000000000010000000a")]   // type 4
    [InlineData("00000010000000010000000a")]   // flag 16
    [InlineData("00000000000000000000000a")]   // data for no stream
    [InlineData("00020001000000010000000a")]   // ping for a stream
    public void Others_are_refused(string hex) => Assert.False(YamuxFrame.TryDecode(Convert.FromHexString(hex), out _));

    /// <summary>The internal frame types, for the public signature of a theory.</summary>
    public enum YamuxTypeName
    {
        Data = 0,
        WindowUpdate = 1,
        Ping = 2,
        GoAway = 3,
    }
}
