using System.Net;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Tests.Multiaddr;

public class MultiaddressTests
{
    private const string PeerText = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    private const string PeerHex = "a503260024080112204cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29";

    // The bytes that js-multiaddr encodes.
    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/4001", "047f000001060fa1")]
    [InlineData("/ip6/::1/tcp/80/ws", "2900000000000000000000000000000001060050dd03")]
    [InlineData("/ip6/2001:db8::ff00:42:8329/udp/65535/quic-v1", "2920010db8000000000000ff00004283299102ffffcd03")]
    [InlineData("/dns4/node.example.org/tcp/443/wss/p2p/" + PeerText, "36106e6f64652e6578616d706c652e6f72670601bbde03" + PeerHex)]
    [InlineData("/ip4/1.2.3.4/tcp/4001/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit/p2p/" + PeerText,
        "0401020304060fa1a5032212209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9a202" + PeerHex)]
    [InlineData("/dnsaddr/bootstrap.libp2p.io", "3813626f6f7473747261702e6c69627032702e696f")]
    public void Text_and_bytes_are_the_same_address(string text, string hex)
    {
        Assert.True(Multiaddress.TryParse(text, out Multiaddress? parsed));
        Assert.True(Multiaddress.TryDecode(Convert.FromHexString(hex), out Multiaddress? decoded));

        Assert.Equal(hex, Convert.ToHexStringLower(parsed!.Bytes));
        Assert.Equal(text, decoded!.ToString());
        Assert.Equal(parsed, decoded);
    }

    [Theory]
    [InlineData("/ip6/0:0::1/tcp/1", "/ip6/::1/tcp/1")]
    [InlineData("/ip4/1.2.3.4/tcp/1/", "/ip4/1.2.3.4/tcp/1")]
    [InlineData("/ip4/1.2.3.4/tcp/1/ipfs/" + PeerText, "/ip4/1.2.3.4/tcp/1/p2p/" + PeerText)]
    public void Other_spellings_become_the_usual_one(string text, string expected) =>
        Assert.Equal(expected, Multiaddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("ip4/1.2.3.4")]
    [InlineData("//ip4/1.2.3.4")]
    [InlineData("/ip4")]
    [InlineData("/ip4/1.2.3")]
    [InlineData("/ip4/01.2.3.4")]
    [InlineData("/ip4/256.2.3.4")]
    [InlineData("/ip4/::1")]
    [InlineData("/ip6/1.2.3.4")]
    [InlineData("/ip6/fe80::1%eth0")]
    [InlineData("/ip4/1.2.3.4/tcp")]
    [InlineData("/ip4/1.2.3.4/tcp/65536")]
    [InlineData("/ip4/1.2.3.4/tcp/-1")]
    [InlineData("/ip4/1.2.3.4/tcp/+1")]
    [InlineData("/ip4/1.2.3.4/nothing/1")]
    [InlineData("/dns/")]
    [InlineData("/p2p/12D3KooW")]
    public void Other_text_is_refused(string text) => Assert.False(Multiaddress.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("04")]
    [InlineData("047f0000")]
    [InlineData("847f000001")]
    [InlineData("84007f000001")]            // a longer varint for ip4
    [InlineData("36")]
    [InlineData("3600")]                    // an empty name
    [InlineData("36ff")]
    [InlineData("36036e2f64")]              // a slash inside a name
    [InlineData("a50302aabb")]              // no peer id
    [InlineData("ffffffffffffffffff01")]
    [InlineData("7f")]                      // a protocol nobody defined
    public void Other_bytes_are_refused(string hex) => Assert.False(Multiaddress.TryDecode(Convert.FromHexString(hex), out _));

    [Fact]
    public void Overlong_addresses_are_refused()
    {
        Assert.False(Multiaddress.TryParse(string.Concat(Enumerable.Repeat("/ws", 17)), out _));
        Assert.False(Multiaddress.TryDecode(new byte[Limits.MultiaddrLengthMax + 1], out _));
        Assert.False(Multiaddress.TryParse("/dns/" + new string('a', 100_000), out _));
    }

    [Fact]
    public void Peer_is_added_replaced_and_taken_off()
    {
        Assert.True(PeerId.TryParse(PeerText, out PeerId? peer));
        Multiaddress plain = Multiaddress.FromEndPoint(new IPEndPoint(IPAddress.Loopback, 4001));

        Multiaddress full = plain.WithPeer(peer!);

        Assert.Equal("/ip4/127.0.0.1/tcp/4001/p2p/" + PeerText, full.ToString());
        Assert.Equal(peer, full.Peer);
        Assert.Null(plain.Peer);
        Assert.Equal(full, full.WithPeer(peer!));
        Assert.Equal(plain, full.WithoutPeer());
        Assert.Equal(plain, plain.WithoutPeer());
    }

    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/5", "1.2.3.4", 5, false)]
    [InlineData("/ip6/::1/tcp/5/p2p/" + PeerText, "::1", 5, false)]
    [InlineData("/dns/host/tcp/5", "host", 5, false)]
    [InlineData("/ip4/1.2.3.4/tcp/5/ws", "1.2.3.4", 5, true)]
    [InlineData("/dns4/host/tcp/80/ws/p2p/" + PeerText, "host", 80, true)]
    public void Addresses_of_transports_give_host_and_port(string text, string host, int port, bool isWebSocket)
    {
        Assert.True(Multiaddress.Parse(text).TryGetTransport(out TransportAddress transport));
        Assert.Equal(new TransportAddress(host, port, isWebSocket), transport);
    }

    [Fact]
    public void End_point_of_a_websocket_has_its_own_bytes()
    {
        Multiaddress address = Multiaddress.FromEndPoint(new IPEndPoint(IPAddress.Loopback, 4001), isWebSocket: true);

        Assert.Equal("/ip4/127.0.0.1/tcp/4001/ws", address.ToString());
        Assert.Equal("047f000001060fa1dd03", Convert.ToHexStringLower(address.Bytes));
    }

    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/5/wss")]
    [InlineData("/ip4/1.2.3.4/tcp/5/ws/ws")]
    [InlineData("/ip4/1.2.3.4/ws")]
    [InlineData("/ip4/1.2.3.4/udp/5/quic-v1")]
    [InlineData("/ip4/1.2.3.4/tcp/5/p2p/" + PeerText + "/p2p-circuit")]
    [InlineData("/ip4/1.2.3.4")]
    [InlineData("/p2p/" + PeerText)]
    public void Others_have_no_transport_here(string text) => Assert.False(Multiaddress.Parse(text).TryGetTransport(out _));
}
