using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Transports;

/// <summary>
/// A WebSocket as a byte channel: what is sent goes into binary messages, and what is received is the content of the remote's, whose borders
/// mean nothing. Owns the socket. Frames are read in pieces, so that nothing of their length is held.
/// </summary>
internal sealed class WebSocketChannel : ITransportChannel
{
    private readonly TcpChannel _socket;
    private readonly WebSocket _webSocket;

    /// <param name="socket">The connection, after the handshake.</param>
    /// <param name="received">Bytes that came behind the handshake.</param>
    /// <param name="isServer">True for the side that answered the handshake.</param>
    public WebSocketChannel(TcpChannel socket, byte[] received, bool isServer)
    {
        _socket = socket;
        RemoteAddress = Multiaddress.FromEndPoint(socket.RemoteEndPoint, isWebSocket: true);
        // No pings of its own: the muxer has them. No compression: what comes is encrypted.
        var options = new WebSocketCreationOptions { IsServer = isServer, KeepAliveInterval = TimeSpan.Zero };
        _webSocket = WebSocket.CreateFromStream(new ChannelStream(socket, received), options);
    }

    /// <inheritdoc/>
    public Multiaddress RemoteAddress { get; }

    /// <inheritdoc/>
    public long ReceivedLength => _socket.ReceivedLength;

    /// <inheritdoc/>
    public long SentLength => _socket.SentLength;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult result = await _webSocket.ReceiveAsync(target, cancellationToken).ConfigureAwait(false);
                if (result.MessageType != WebSocketMessageType.Binary)
                {
                    Abort();   // a close, or text, which libp2p never sends
                    return 0;
                }

                if (result.Count > 0)
                    return result.Count;
            }
        }
        catch (Exception failure) when (IsEnd(failure, cancellationToken))
        {
            Abort();
            return 0;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        if (source.IsEmpty)
            return true;

        try
        {
            await _webSocket.SendAsync(source, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (IsEnd(failure, cancellationToken))
        {
            Abort();
            return false;
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _webSocket.Abort();
        _socket.Abort();
    }

    // A WebSocket that is aborted meanwhile says that its call was cancelled, whether it was or not.
    private static bool IsEnd(Exception failure, CancellationToken cancellationToken) =>
        failure is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
