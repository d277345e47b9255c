using System.Net.Sockets;

namespace P2PDB.Server.Transport;

/// <summary>
/// Waits by a receive of zero bytes, which every system of .NET has. Afterwards the socket is non-blocking for good and
/// a blocking receive costs a hand-over from the readiness thread: why Linux has <see cref="EpollIdleWatch"/>.
/// </summary>
internal sealed class PortableIdleWatch(Action<ClientConnection> wake) : IdleWatch
{
    public override void Park(ClientConnection connection, Socket socket) => _ = WaitAsync(connection, socket);

    public override void Dispose()
    {
    }

    private async Task WaitAsync(ClientConnection connection, Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The thread that wakes up finds out what happened to the connection.
        }

        wake(connection);
    }
}
