using P2PDB.Network.Peers;

namespace P2PDB.Network.Security;

/// <summary>A finished handshake: the encrypted channel, who is at its other end, and the muxers it speaks. All null if it failed.</summary>
internal readonly record struct NoiseOutcome(NoiseChannel? Channel, PeerId? RemotePeer, IReadOnlyList<string>? RemoteMuxers);
