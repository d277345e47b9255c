using P2PDB.Network.Discovery;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: an mDNS packet. DNS has many encodings of one message, so the law is that the addresses of a response, written as this node would, are
/// read as the same ones; and that a message is a question or an answer, never both.
/// </summary>
internal sealed class MdnsTarget : IFuzzTarget
{
    private const string Peer = "/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

    private static readonly byte[] PeerName = "abcdefghijklmnopqrstuvwxyz0123456789abcd"u8.ToArray();

    public string Name => "mdns";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Discovery/MdnsMessage.cs", "P2PDB.Network/Discovery/DnsReader.cs"];

    // A list and the addresses in it, each parsed from text that the input can repeat by few bytes.
    public int AllocationFactor => 64;

    public IReadOnlyList<byte[]> Words { get; } =
        ["\x04_p2p\x04_udp\x05local\0"u8.ToArray(), [0, 12, 0, 1], [0, 16, 0, 1], [0xC0, 12], "dnsaddr=/ip4/1.2.3.4/tcp/1"u8.ToArray(), "/ws"u8.ToArray()];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] packet = new byte[Network.Limits.MdnsAnswerLengthMax];
            yield return packet[..MdnsMessage.WriteQuery(packet)];
            yield return packet[..MdnsMessage.WriteResponse(packet, PeerName, [Multiaddress.Parse("/ip4/1.2.3.4/tcp/4001" + Peer)])];
            yield return packet[..MdnsMessage.WriteResponse(
                packet, PeerName, [Multiaddress.Parse("/ip6/::1/tcp/4001/ws" + Peer), Multiaddress.Parse("/ip4/1.2.3.4/tcp/4001" + Peer)])];
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        List<Multiaddress> addresses = [];
        probe.BeginDecoding();
        MdnsKind kind = MdnsMessage.Read(input, addresses);
        probe.EndDecoding();
        probe.Reached((int)kind + (4 * addresses.Count));
        FuzzLaw.Require((kind == MdnsKind.Response) == (addresses.Count > 0), "addresses come with a response alone");
        FuzzLaw.Require(addresses.Count <= Network.Limits.MdnsAddressCountMax, "not more than the bound");
        if (kind != MdnsKind.Response)
            return kind == MdnsKind.Query;

        byte[] packet = new byte[Network.Limits.MdnsAnswerLengthMax];
        List<Multiaddress> again = [];
        int length = MdnsMessage.WriteResponse(packet, PeerName, addresses);
        MdnsMessage.Read(packet.AsSpan(0, length), again);
        int next = 0;
        foreach (Multiaddress address in addresses)
        {
            // One that does not fit ends the message; one that fits no text is left out.
            if (next < again.Count && again[next].Equals(address))
                next++;
        }

        FuzzLaw.Require(next == again.Count, "what is read of the own answer is what was written, in order");
        return true;
    }
}
