using P2PDB.Network.Peers;
using P2PDB.Network.Security;

namespace P2PDB.Network.Swarm;

/// <summary>Outcome of an upgrade; channel and peer are null unless it says connected.</summary>
internal readonly record struct UpgradeOutcome(
    DialStatus Status, NoiseChannel? Channel = null, PeerId? RemotePeer = null, bool IsEarlyMuxer = false);
