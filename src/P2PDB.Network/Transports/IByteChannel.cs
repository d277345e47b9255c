namespace P2PDB.Network.Transports;

/// <summary>
/// Bytes in order in both directions: a TCP connection, the encrypted channel over it, or one stream of its muxer.
/// Each layer is negotiated and run over the one below through these two calls. What the remote or the link does is an outcome here,
/// never an exception; cancelling throws.
/// </summary>
internal interface IByteChannel
{
    /// <summary>Reads at least one byte; 0 when no more will come, for whatever reason.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken);

    /// <summary>Writes all bytes; false when the channel is broken or closed.</summary>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken);

    /// <summary>Ends both directions at once; pending and later calls see the end. Safe to call at any time, more than once.</summary>
    public void Abort();
}
