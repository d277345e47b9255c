using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>
/// A connection to one peer whose node key is proven. Carries frames; may lose, repeat or reorder them (a stream does not, a
/// simulated network does). Sending never waits.
/// </summary>
public interface IPeerLink
{
    /// <summary>The key of the node at the other end.</summary>
    public PublicKey Remote { get; }

    /// <summary>Bytes handed to <see cref="Send"/> that have not left yet.</summary>
    public int QueuedLength { get; }

    /// <summary>Queues one frame. The bytes are copied before this returns. After the link has closed this does nothing.</summary>
    public void Send(ReadOnlySpan<byte> frame);

    /// <summary>Asks for a call of the session's work soon. May be called by any thread.</summary>
    public void Wake();
}
