using System.Text;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: a kind byte, then a binary multiaddr or the text of one. Both forms of what is accepted are the same address.</summary>
internal sealed class MultiaddressTarget : IFuzzTarget
{
    private static readonly string[] Texts =
    [
        "/ip4/127.0.0.1/tcp/4001",
        "/ip6/2001:db8::ff00:42:8329/udp/65535/quic-v1",
        "/ip6/::ffff:1.2.3.4/tcp/1/ws",
        "/dns4/node.example.org/tcp/443/wss/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp",
        "/ip4/1.2.3.4/tcp/4001/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit",
        "/ip4/1.2.3.4/udp/1/webrtc-direct/certhash/zQmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
        "/p2p/bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
    ];

    public string Name => "multiaddr";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Multiaddr/"];

    // At most 16 components of which each, in text, takes some objects: an address, its text to compare with, its bytes.
    public int AllocationSlack => 6 * 1024;

    public IReadOnlyList<byte[]> Words { get; } = Array.ConvertAll(
        "/ip4/ /tcp/ /ip6/ /dns/ /dns4/ /dns6/ /p2p/ /ipfs/ /ws /wss /dnsaddr/ /ip6zone/ /udp/ /p2p-circuit /tls /sni/ /noise /quic /quic-v1 /webtransport /certhash/ /webrtc-direct /webrtc /http /https 127.0.0.1 ::1 65535"
            .Split(' '), Encoding.UTF8.GetBytes);

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (string text in Texts)
            {
                yield return [0, .. Encoding.UTF8.GetBytes(text)];
                yield return [1, .. Multiaddress.Parse(text).Bytes];
            }
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        bool isText = (input[0] & 1) == 0;
        string text = isText ? Encoding.UTF8.GetString(input[1..]) : "";
        probe.BeginDecoding();
        bool accepted = isText
            ? Multiaddress.TryParse(text, out Multiaddress? address)
            : Multiaddress.TryDecode(input[1..], out address);
        probe.EndDecoding();
        if (!accepted)
            return false;

        foreach (byte b in address!.Bytes)
            probe.Reached(b);
        if (!isText)
            FuzzLaw.RequireSame(input[1..], address.Bytes, "binary as it came");
        FuzzLaw.Require(Multiaddress.TryDecode(address.Bytes, out Multiaddress? decoded) && decoded!.Equals(address), "own bytes are read");
        FuzzLaw.Require(Multiaddress.TryParse(address.ToString(), out Multiaddress? parsed) && parsed!.Equals(address), "own text is read");
        if (address.Peer is { } peer)
        {
            FuzzLaw.Require(PeerId.TryParse(peer.ToCid(), out PeerId? fromCid) && fromCid == peer, "own CID is read");
            FuzzLaw.Require(address.WithPeer(peer).Peer == peer, "the peer that was added is there");
        }

        if (address.TryGetTransport(out TransportAddress transport))
        {
            FuzzLaw.Require(transport.Host.Length > 0 && transport.Port is >= 0 and <= ushort.MaxValue, "a TCP address has a host and a port");
            probe.Reached(1000 + (transport.IsWebSocket ? 1 : 0));
        }

        FuzzLaw.Require(address.WithoutPeer().Bytes.Length <= address.Bytes.Length, "without its peer an address is no longer");
        return true;
    }
}
