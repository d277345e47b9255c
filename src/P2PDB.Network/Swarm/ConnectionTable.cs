// Two nodes that dial each other at the same time end up with two connections. Both are kept until one is idle; new streams use the
// preferred one, which both ends pick by the same rule: dialled by the peer with the smaller id, and of these the newest (an older
// one may be dead without our knowing).
using System.Diagnostics.CodeAnalysis;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Swarm;

/// <summary>The live connections by peer.</summary>
internal sealed class ConnectionTable(PeerId local, int countMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, List<PeerConnection>> _byPeer = [];
    private int _count;

    /// <summary>Adds a connection; false where a limit forbids it.</summary>
    public bool TryAdd(PeerConnection connection, out bool isFirst)
    {
        lock (_gate)
        {
            isFirst = !_byPeer.TryGetValue(connection.Peer, out List<PeerConnection>? connections);
            if (_count >= countMax || connections?.Count >= Limits.ConnectionsPerPeerMax)
                return false;

            if (connections is null)
                _byPeer.Add(connection.Peer, connections = []);
            connections.Add(connection);
            _count++;
            return true;
        }
    }

    /// <summary>Removes a connection; true if it was the peer's last.</summary>
    public bool Remove(PeerConnection connection)
    {
        lock (_gate)
        {
            if (!_byPeer.TryGetValue(connection.Peer, out List<PeerConnection>? connections) || !connections.Remove(connection))
                return false;

            _count--;
            return connections.Count == 0 && _byPeer.Remove(connection.Peer);
        }
    }

    /// <summary>The connection that new streams to the peer use.</summary>
    public bool TryGetPreferred(PeerId peer, [NotNullWhen(true)] out PeerConnection? preferred)
    {
        preferred = null;
        lock (_gate)
        {
            if (!_byPeer.TryGetValue(peer, out List<PeerConnection>? connections))
                return false;

            bool weDialPreferred = local < peer;
            foreach (PeerConnection connection in connections)
            {
                if (!connection.Muxer.CanOpen)
                    continue;
                if (preferred is null || connection.IsInitiator == weDialPreferred || preferred.IsInitiator != weDialPreferred)
                    preferred = connection;
            }

            return preferred is not null;
        }
    }

    /// <summary>True if the peer has another connection that is preferred to this one.</summary>
    public bool IsSurplus(PeerConnection connection) =>
        TryGetPreferred(connection.Peer, out PeerConnection? preferred) && preferred != connection;

    /// <summary>True if there is any connection to the peer.</summary>
    public bool Contains(PeerId peer)
    {
        lock (_gate)
            return _byPeer.ContainsKey(peer);
    }

    /// <summary>All connections now.</summary>
    public PeerConnection[] ToArray()
    {
        lock (_gate)
        {
            var all = new List<PeerConnection>(_count);
            foreach (List<PeerConnection> connections in _byPeer.Values)
                all.AddRange(connections);
            return [.. all];
        }
    }
}
