using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: an identify message. Its own encoding, which drops what is unknown, reads as the same record; the signed record inside never
/// passes for another peer's.
/// </summary>
internal sealed class IdentifyTarget : IFuzzTarget
{
    public string Name => "identify";

    // Lists of short texts: each is an object of its own.
    public int AllocationSlack => 256 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] seed = new byte[32];
            using SigningKey key = SigningKey.FromSeed(seed);
            Multiaddress[] addresses = [Multiaddress.Parse("/ip4/127.0.0.1/tcp/4001"), Multiaddress.Parse("/ip6/::1/tcp/4001")];
            yield return new IdentifyRecord { AgentVersion = "a" }.Encode();
            yield return new IdentifyRecord
            {
                PublicKey = IdentityKey.FromEd25519(key.PublicKey).Encode(),
                ListenAddresses = addresses,
                Protocols = ["/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"],
                ObservedAddress = addresses[0],
                ProtocolVersion = "p2pdb/1.0.0",
                AgentVersion = "p2pdb/0.1.0",
                SignedPeerRecord = SignedPeerRecord.Seal(key, 7, addresses),
            }.Encode();
            yield return SignedPeerRecord.Seal(key, 7, addresses);
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (SignedPeerRecord.TryOpen(input, out SignedPeerRecord? signed))
            probe.Reached(1_000 + signed!.Addresses.Count);
        if (!IdentifyRecord.TryDecode(input, out IdentifyRecord? record))
            return false;

        probe.Reached(record!.ListenAddresses.Count);
        probe.Reached(300 + record.Protocols.Count);
        byte[] encoded = record.Encode();
        if (encoded.Length <= Network.Limits.IdentifyMessageLengthMax)
        {
            FuzzLaw.Require(IdentifyRecord.TryDecode(encoded, out IdentifyRecord? again), "own encoding is read");
            FuzzLaw.RequireSame(encoded, again!.Encode(), "read as written");
        }

        if (SignedPeerRecord.TryOpen(record.SignedPeerRecord.Span, out signed))
            probe.Reached(2_000 + signed!.Addresses.Count);
        return true;
    }
}
