using System.Net;

namespace P2PDB.Network.Transports;

/// <summary>Turns TCP connections into WebSockets, on either side. Whatever fails closes the connection.</summary>
internal static class WebSocketTransport
{
    /// <summary>Asks the server for a WebSocket; null where it does not agree. Cancelling throws.</summary>
    /// <param name="socket">The connection; owned from now on.</param>
    /// <param name="host">The host's name or address, without the port.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public static ValueTask<WebSocketChannel?> TryUpgradeAsync(TcpChannel socket, string host, CancellationToken cancellationToken)
    {
        bool isIp6 = IPAddress.TryParse(host, out IPAddress? literal) && literal.GetAddressBytes().Length == 16;
        string named = isIp6 ? $"[{host}]:{socket.RemoteEndPoint.Port}" : $"{host}:{socket.RemoteEndPoint.Port}";
        byte[] key = new byte[WebSocketHandshake.KeyLength];
        WebSocketHandshake.GenerateKey(key);
        return OrCloseAsync(socket, async () =>
        {
            if (!await socket.SendAsync(WebSocketHandshake.WriteRequest(named, key), cancellationToken).ConfigureAwait(false)
                || await ReceiveHeadAsync(socket, cancellationToken).ConfigureAwait(false) is not { } received
                || !WebSocketHandshake.IsAccepted(received.Head.Span, key))
            {
                return null;
            }

            // The server may speak first.
            return new WebSocketChannel(socket, received.Behind.ToArray(), isServer: false);
        });
    }

    /// <summary>Answers a client that asks for a WebSocket; null where it does not. Cancelling throws.</summary>
    /// <param name="socket">The connection; owned from now on.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public static ValueTask<WebSocketChannel?> TryAcceptAsync(TcpChannel socket, CancellationToken cancellationToken) =>
        OrCloseAsync(socket, async () =>
        {
            if (await ReceiveHeadAsync(socket, cancellationToken).ConfigureAwait(false) is not { } received)
                return null;

            byte[] key = new byte[WebSocketHandshake.KeyLength];
            UpgradeRequestStatus status = WebSocketHandshake.ReadRequest(received.Head.Span, key);
            // A client must wait for the answer. One that does not is no WebSocket client.
            if (!received.Behind.IsEmpty)
                status = UpgradeRequestStatus.Refused;
            bool isSent = await socket.SendAsync(WebSocketHandshake.WriteResponse(status, key), cancellationToken).ConfigureAwait(false);
            return isSent && status == UpgradeRequestStatus.Upgrade ? new WebSocketChannel(socket, [], isServer: true) : null;
        });

    /// <summary>Reads an HTTP head and what came with it; null where the bytes end before it does, or it is too long.</summary>
    internal static async ValueTask<(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Behind)?> ReceiveHeadAsync(
        IByteChannel channel, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Limits.UpgradeHeadLengthMax];
        int filled = 0;
        while (filled < buffer.Length)
        {
            int received = await channel.ReceiveAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return null;

            int searchedFrom = Math.Max(0, filled - 3);
            filled += received;
            int end = buffer.AsSpan(searchedFrom, filled - searchedFrom).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                int length = searchedFrom + end + 4;
                return (buffer.AsMemory(0, length), buffer.AsMemory(length, filled - length));
            }
        }

        return null;
    }

    private static async ValueTask<WebSocketChannel?> OrCloseAsync(TcpChannel socket, Func<Task<WebSocketChannel?>> handshake)
    {
        WebSocketChannel? channel = null;
        try
        {
            channel = await handshake().ConfigureAwait(false);
            return channel;
        }
        finally
        {
            if (channel is null)
                socket.Abort();
        }
    }
}
