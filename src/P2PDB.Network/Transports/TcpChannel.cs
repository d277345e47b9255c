using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Transports;

/// <summary>A connected TCP socket as a byte channel. Owns the socket.</summary>
internal sealed class TcpChannel : ITransportChannel
{
    private readonly Socket _socket;
    private long _receivedLength;
    private long _sentLength;

    public TcpChannel(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;   // writes are coalesced above; Nagle's delay would only add latency
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        RemoteAddress = Multiaddress.FromEndPoint(RemoteEndPoint);
    }

    /// <summary>The remote's address and port.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <inheritdoc/>
    public Multiaddress RemoteAddress { get; }

    /// <inheritdoc/>
    public long ReceivedLength => Volatile.Read(ref _receivedLength);

    /// <inheritdoc/>
    public long SentLength => Volatile.Read(ref _sentLength);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        try
        {
            int received = await _socket.ReceiveAsync(target, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _receivedLength, _receivedLength + received);
            return received;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        try
        {
            while (!source.IsEmpty)
            {
                int sent = await _socket.SendAsync(source, SocketFlags.None, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _sentLength, _sentLength + sent);
                source = source[sent..];
            }

            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Abort() => _socket.Dispose();
}
