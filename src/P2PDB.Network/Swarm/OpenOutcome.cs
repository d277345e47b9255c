using System.Diagnostics.CodeAnalysis;
using P2PDB.Network.Muxers;

namespace P2PDB.Network.Swarm;

/// <summary>Outcome of opening a stream.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Stream">The stream, which the caller disposes; null where none was opened.</param>
public readonly record struct OpenOutcome(OpenStatus Status, MuxedStream? Stream)
{
    /// <summary>True if there is a stream.</summary>
    [MemberNotNullWhen(true, nameof(Stream))]
    public bool IsOpened => Status == OpenStatus.Opened;
}
