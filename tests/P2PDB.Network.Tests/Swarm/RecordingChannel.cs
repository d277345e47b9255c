using P2PDB.Network.Transports;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>A channel that keeps what is sent through it, for sending it once more.</summary>
internal sealed class RecordingChannel(IByteChannel inner) : IByteChannel
{
    /// <summary>What was sent, one element for each call.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>True to keep what is sent and to send it not.</summary>
    public bool IsHolding { get; set; }

    public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken) => inner.ReceiveAsync(target, cancellationToken);

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        lock (Sent)
            Sent.Add(source.ToArray());
        return IsHolding ? ValueTask.FromResult(true) : inner.SendAsync(source, cancellationToken);
    }

    public void Abort() => inner.Abort();
}
