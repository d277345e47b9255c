using System.Text;
using P2PDB.Network.Discovery;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Tests.Discovery;

public class MdnsMessageTests
{
    private const string PeerText = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    private const string PeerName = "abcdefghijklmnopqrstuvwxyz0123456789abcd";

    // Byte for byte what js-libp2p asks.
    private const string Query = "000000000001000000000000045f703270045f756470056c6f63616c00000c0001";

    private const string Response = "000084000000000100000001045f703270045f756470056c6f63616c00000c000100000078002b286162636465666768696a6b6c6d6e6f7071727374"
        + "75767778797a3031323334353637383961626364c00cc0270010000100000078005b5a646e73616464723d2f6970342f3139322e3136382e312e322f"
        + "7463702f343030312f7032702f313244334b6f6f5745796f70704e43557838597836366f5639664a6e726958774363587744445541326b6a36766e63"
        + "3669444570";

    // An answer of js-libp2p: no pointers, texts among the answers.
    private const string ForeignResponse = "000084000000000300000000045f703270045f756470056c6f63616c00000c000100000078003a286162636465666768696a6b6c6d6e6f7071727374"
        + "75767778797a3031323334353637383961626364045f703270045f756470056c6f63616c00286162636465666768696a6b6c6d6e6f70717273747576"
        + "7778797a3031323334353637383961626364045f703270045f756470056c6f63616c000010000100000078005b5a646e73616464723d2f6970342f31"
        + "39322e3136382e312e322f7463702f343030312f7032702f313244334b6f6f5745796f70704e43557838597836366f5639664a6e7269587743635877"
        + "44445541326b6a36766e633669444570286162636465666768696a6b6c6d6e6f707172737475767778797a3031323334353637383961626364045f70"
        + "3270045f756470056c6f63616c000010000100000078005f5a646e73616464723d2f6970342f31302e302e302e322f7463702f343030312f77732f70"
        + "32702f313244334b6f6f5745796f70704e43557838597836366f5639664a6e726958774363587744445541326b6a36766e63366944457003783d79";

    [Fact]
    public void Question_and_answer_have_these_bytes()
    {
        byte[] packet = new byte[Limits.MdnsAnswerLengthMax];

        int queryLength = MdnsMessage.WriteQuery(packet);
        Assert.Equal(Query, Convert.ToHexStringLower(packet.AsSpan(0, queryLength)));

        int responseLength = MdnsMessage.WriteResponse(
            packet, Encoding.ASCII.GetBytes(PeerName), [Multiaddress.Parse("/ip4/192.168.1.2/tcp/4001/p2p/" + PeerText)]);
        Assert.Equal(Response, Convert.ToHexStringLower(packet.AsSpan(0, responseLength)));
    }

    [Fact]
    public void Own_messages_are_read()
    {
        Assert.Equal(MdnsKind.Query, Read(Query, out _));
        Assert.Equal(MdnsKind.Response, Read(Response, out string[] addresses));
        Assert.Equal(["/ip4/192.168.1.2/tcp/4001/p2p/" + PeerText], addresses);
    }

    [Fact]
    public void Answers_of_other_implementations_are_read()
    {
        Assert.Equal(MdnsKind.Response, Read(ForeignResponse, out string[] addresses));
        Assert.Equal(["/ip4/192.168.1.2/tcp/4001/p2p/" + PeerText, "/ip4/10.0.0.2/tcp/4001/ws/p2p/" + PeerText], addresses);
    }

    [Theory]
    [InlineData("5f703270", "5f503250")]    // _P2P
    [InlineData("000c0001", "000c8001")]    // wants the answer for itself alone
    public void Question_may_be_spelt_otherwise(string part, string instead) =>
        Assert.Equal(MdnsKind.Query, Read(Query.Replace(part, instead, StringComparison.Ordinal), out _));

    [Theory]
    [InlineData("5f703270", "5f703271")]            // another service
    [InlineData("000c0001", "00010001")]            // another type
    [InlineData("000c0001", "000c0003")]            // another class
    [InlineData("00000000000100", "00002800000100")]   // another operation
    [InlineData("0000000000010000", "0000000000020000")]    // a question too few
    [InlineData("000000000001", "00000000ffff")]    // more than anybody asks
    [InlineData("6c6f63616c00", "6c6f63616cc00c")]  // a pointer to the name itself
    [InlineData("045f703270", "3f5f703270")]        // a label beyond the end
    [InlineData("045f703270", "405f703270")]        // a kind of label that does not exist
    [InlineData("045f703270", "c0ff703270")]        // a pointer beyond the end
    public void Other_questions_are_not_for_us(string part, string instead) =>
        Assert.Equal(MdnsKind.Other, Read(Query.Replace(part, instead, StringComparison.Ordinal), out _));

    [Theory]
    [InlineData("c0270010000100000078", "c0270010000100000000")]    // takes back what it says
    [InlineData("c0270010", "c00c0010")]            // texts of the service itself, not of a peer
    [InlineData("c0270010", "c0270021")]            // no text
    [InlineData("646e7361646472", "646e7361646473")]    // not an address
    [InlineData("2f7032702f", "2f7132702f")]        // an address that is none
    [InlineData("0000840000000001000000010", "0000840000000001000000020")]    // a record too few
    public void Other_answers_have_no_addresses(string part, string instead)
    {
        string changed = Response.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Response, changed);
        Assert.Equal(MdnsKind.Other, Read(changed, out string[] addresses));
        Assert.Empty(addresses);
    }

    [Fact]
    public void Answer_holds_what_fits_into_a_packet()
    {
        byte[] packet = new byte[Limits.MdnsAnswerLengthMax];
        Multiaddress[] addresses = [.. Enumerable.Range(0, 200).Select(i => Multiaddress.Parse($"/ip4/10.0.0.{i}/tcp/4001/p2p/{PeerText}"))];

        int length = MdnsMessage.WriteResponse(packet, Encoding.ASCII.GetBytes(PeerName), addresses);

        Assert.Equal(MdnsKind.Response, Read(Convert.ToHexStringLower(packet.AsSpan(0, length)), out string[] read));
        Assert.InRange(read.Length, 10, 15);
        Assert.Equal(addresses.Take(read.Length).Select(address => address.ToString()), read);
    }

    [Fact]
    public void Cut_packets_are_nothing()
    {
        for (int length = 0; length < Response.Length / 2; length++)
            Assert.Equal(MdnsKind.Other, Read(Response[..(2 * length)], out _));
    }

    private static MdnsKind Read(string hex, out string[] addresses)
    {
        List<Multiaddress> read = [];
        MdnsKind kind = MdnsMessage.Read(Convert.FromHexString(hex), read);
        addresses = [.. read.Select(address => address.ToString())];
        return kind;
    }
}
