using P2PDB.Engine.Sync;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>A link whose frames wait in a queue until the test delivers them.</summary>
internal sealed class QueueLink(PublicKey remote) : IPeerLink
{
    public PublicKey Remote { get; } = remote;

    public int QueuedLength => 0;

    public Queue<byte[]> Sent { get; } = [];

    public long SentLength { get; private set; }

    public bool IsAwake { get; set; }

    public void Send(ReadOnlySpan<byte> frame)
    {
        Sent.Enqueue(frame.ToArray());
        SentLength += frame.Length;
    }

    public void Wake() => IsAwake = true;
}
