using System.Diagnostics.CodeAnalysis;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Swarm;

/// <summary>Outcome of a dial.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Peer">Who is connected now; null where nobody is.</param>
public readonly record struct DialOutcome(DialStatus Status, PeerId? Peer)
{
    /// <summary>True if there is a connection to <see cref="Peer"/>.</summary>
    [MemberNotNullWhen(true, nameof(Peer))]
    public bool IsConnected => Status == DialStatus.Connected;
}
