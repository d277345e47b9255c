using P2PDB.Network.Multiaddr;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Protocols;

public class IdentifyRecordTests
{
    private static readonly Multiaddress[] Addresses = [Multiaddress.Parse("/ip4/127.0.0.1/tcp/4001"), Multiaddress.Parse("/ip6/::1/tcp/1")];

    [Fact]
    public void Lists_are_read_as_often_as_asked_for()
    {
        byte[] message = new IdentifyRecord { ListenAddresses = Addresses, Protocols = ["/a/1", "/b/2"], AgentVersion = "x" }.Encode();

        Assert.True(IdentifyRecord.TryDecode(message, out IdentifyRecord? record));
        message.AsSpan().Clear();

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(Addresses, record!.ListenAddresses);
            Assert.Equal(["/a/1", "/b/2"], record.Protocols);
        }
    }

    [Fact]
    public void Elements_that_cannot_be_read_are_left_out()
    {
        // Two addresses, the first of an unknown protocol; two protocols, the first no UTF-8; an agent that is none either.
        Assert.True(IdentifyRecord.TryDecode(
            [0x12, 1, 0x7F, 0x12, 2, 0xDD, 0x03, 0x1A, 1, 0xFF, 0x1A, 1, (byte)'p', 0x32, 1, 0xFF], out IdentifyRecord? record));

        Assert.Equal(["/ws"], record!.ListenAddresses.Select(address => address.ToString()));
        Assert.Equal(["p"], record.Protocols);
        Assert.Equal("", record.AgentVersion);
    }

    [Fact]
    public void More_elements_than_the_limit_are_not_given()
    {
        byte[] message = new IdentifyRecord { Protocols = Enumerable.Repeat("p", Limits.IdentifyListCountMax + 1) }.Encode();

        Assert.True(IdentifyRecord.TryDecode(message, out IdentifyRecord? record));
        Assert.Equal(Limits.IdentifyListCountMax, record!.Protocols.Count());
    }

    [Fact]
    public void Signed_record_opens_with_its_addresses()
    {
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        byte[] envelope = SignedPeerRecord.Seal(key, 7, Addresses);

        Assert.True(SignedPeerRecord.TryOpen(envelope, out SignedPeerRecord? record));
        Assert.Equal(7ul, record!.Sequence);
        Assert.Equal(Addresses, record.Addresses);

        envelope[^1] ^= 1;
        Assert.False(SignedPeerRecord.TryOpen(envelope, out _));
    }
}
