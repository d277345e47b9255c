using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>A connected peer, as <c>p2pdb.peers</c> shows it.</summary>
/// <param name="PeerId">Its libp2p peer id.</param>
/// <param name="Address">Where it is.</param>
/// <param name="IsOutbound">True if this node dialled.</param>
/// <param name="Agent">What it calls its software.</param>
/// <param name="ReceivedLength">Bytes received from it over this connection.</param>
/// <param name="SentLength">Bytes sent to it.</param>
/// <param name="Syncs">True while a sync stream to it is open.</param>
/// <param name="Latency">The last round-trip time; zero before the first answer.</param>
/// <param name="Key">The key of its node, where its peer id carries it.</param>
/// <param name="LastReceived">When the last frame of the sync stream came from it; null before the first.</param>
public sealed record PeerStatus(
    string PeerId, string Address, bool IsOutbound, string Agent, long ReceivedLength, long SentLength, bool Syncs, TimeSpan Latency,
    PublicKey? Key, DateTimeOffset? LastReceived);
