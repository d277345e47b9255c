using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Peers;

public class PeerIdTests
{
    private const string Ed25519Text = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    private const string Ed25519Cid = "bafzaajaiaejcatfvvp3k26p36wv3zsx4yju5qxgsmupnjoefwwdj6ja25xyklorj";

    // Text, CID and multihash as js-libp2p gives them; the RSA id is the example of the specification.
    [Theory]
    [InlineData(Ed25519Text, Ed25519Cid,
        "0024080112204cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
        "12209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9")]
    [InlineData("16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY",
        "bafzaajiiaijcca3xo7uzjzcsyilaj6i54cj44qk7kqzpoao5rti2pjx6udtdbp6kte",
        "002508021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99")]
    public void Text_cid_and_bytes_name_the_same_peer(string text, string cid, string hex)
    {
        Assert.True(PeerId.TryParse(text, out PeerId? fromText));
        Assert.True(PeerId.TryParse(cid, out PeerId? fromCid));
        Assert.True(PeerId.TryDecode(Convert.FromHexString(hex), out PeerId? fromBytes));

        Assert.Equal(fromBytes, fromText);
        Assert.Equal(fromBytes, fromCid);
        Assert.Equal(text, fromBytes!.ToString());
        Assert.Equal(cid, fromBytes.ToCid());
        Assert.Equal(hex, Convert.ToHexStringLower(fromBytes.Bytes));
    }

    [Fact]
    public void Ed25519_id_holds_its_key()
    {
        byte[] seed = new byte[32];
        seed[31] = 1;
        using SigningKey key = SigningKey.FromSeed(seed);

        PeerId peer = PeerId.FromPublicKey(key.PublicKey);

        Assert.Equal(Ed25519Text, peer.ToString());
        Assert.True(peer.TryGetPublicKey(out PublicKey found));
        Assert.Equal(key.PublicKey, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDE")]    // a character short
    [InlineData("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDE0")]   // 0 is no base58 digit
    [InlineData("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEé")]
    [InlineData("bafzaajaiaejcatfvvp3k26p36wv3zsx4yju5qxgsmupnjoefwwdj6ja25xyklorjj")]
    [InlineData("BAFZAAJAIAEJCATFVVP3K26P36WV3ZSX4YJU5QXGSMUPNJOEFWWDJ6JA25XYKLORJ")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5")]
    public void Other_text_is_refused(string text) => Assert.False(PeerId.TryParse(text, out _));

    [Fact]
    public void Endless_text_is_refused() => Assert.False(PeerId.TryParse(new string('1', 100_000), out _));

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0024080112204cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba")]       // truncated
    [InlineData("002408811220" + "4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29")]
    [InlineData("00250881001220" + "4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29")] // type as a longer varint
    [InlineData("1120" + "9dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9")]          // SHA-1
    [InlineData("0006" + "08001202AAAA")]                                                             // an RSA key of two bytes
    public void Other_bytes_are_refused(string hex) => Assert.False(PeerId.TryDecode(Convert.FromHexString(hex), out _));
}
