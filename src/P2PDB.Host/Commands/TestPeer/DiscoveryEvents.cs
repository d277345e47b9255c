using P2PDB.Network.Discovery;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The event <c>discovery</c>, and the error <c>mdns-dial</c>.</summary>
internal sealed class DiscoveryEvents(EventWriter events)
{
    /// <summary>Reports what is discovered and dialled from now on.</summary>
    public void Observe(MdnsDiscovery discovery, PeerConnector connector)
    {
        discovery.PeerDiscovered += WriteNew;
        connector.DialFailed += (peer, status) =>
            events.WriteError("mdns-dial", status.ToString(), $"no connection to {peer}: {status}", json => json.WriteString("peer", peer.ToString()));
    }

    private void WriteNew(DiscoveredPeer discovered)
    {
        if (!discovered.IsNew)
            return;

        events.Write("discovery", json =>
        {
            json.WriteString("peer", discovered.Peer.ToString());
            ContractFields.WriteTexts(json, "addrs", discovered.Addresses);
        });
    }
}
