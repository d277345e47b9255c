using P2PDB.Network.Transports;

namespace P2PDB.Fuzz;

/// <summary>A channel that delivers a remote's bytes in pieces, takes everything, and never waits.</summary>
/// <param name="remote">What the remote sends.</param>
/// <param name="pieceLength">Bytes that arrive at once at most.</param>
internal sealed class ScriptedChannel(byte[] remote, int pieceLength) : IByteChannel
{
    private bool _isAborted;

    /// <summary>Bytes that were read.</summary>
    public int Taken { get; private set; }

    public int SendCount { get; private set; }

    public int SentLength { get; private set; }

    public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        int length = _isAborted ? 0 : Math.Min(Math.Min(target.Length, remote.Length - Taken), pieceLength);
        remote.AsMemory(Taken, length).CopyTo(target);
        Taken += length;
        return ValueTask.FromResult(length);
    }

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        SendCount++;
        SentLength += source.Length;
        return ValueTask.FromResult(true);
    }

    public void Abort() => _isAborted = true;
}
