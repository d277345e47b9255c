using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Swarm;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The events <c>connect</c>, <c>disconnect</c>, <c>conn</c> and <c>identify</c>.</summary>
internal sealed class ConnectionEvents(EventWriter events)
{
    /// <summary>Reports what happens in the swarm from now on.</summary>
    public void Observe(Swarm swarm)
    {
        swarm.PeerConnected += peer => WritePeer("connect", peer);
        swarm.PeerDisconnected += peer => WritePeer("disconnect", peer);
        swarm.ConnectionOpened += WriteConnection;
        swarm.PeerIdentified += WriteIdentity;
    }

    private void WritePeer(string name, PeerId peer) => events.Write(name, json => json.WriteString("peer", peer.ToString()));

    private void WriteConnection(ConnectionSnapshot connection) => events.Write("conn", json =>
    {
        ContractFields.WriteEnds(json, connection);
        json.WriteString("enc", connection.Encryption);
        json.WriteString("mux", connection.Muxer);
        json.WriteBoolean("early", connection.IsEarlyMuxer);
    });

    private void WriteIdentity(PeerId peer, IdentifyRecord record) => events.Write("identify", json =>
    {
        json.WriteString("peer", peer.ToString());
        json.WriteString("agent", record.AgentVersion);
        json.WriteString("proto", record.ProtocolVersion);
        ContractFields.WriteTexts(json, "protocols", record.Protocols);
        ContractFields.WriteTexts(json, "listen", record.ListenAddresses);
        if (record.ObservedAddress is Multiaddress observed)
            json.WriteString("observed", observed.ToString());
        json.WriteBoolean("signedRecord", !record.SignedPeerRecord.IsEmpty);   // one that does not verify was dropped
    });
}
