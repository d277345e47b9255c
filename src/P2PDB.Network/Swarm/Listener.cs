using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Swarm;

/// <summary>One listening socket. Handshakes run side by side, but only so many: the rest waits in the backlog.</summary>
internal sealed class Listener(Socket socket, bool isWebSocket, SemaphoreSlim pending, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private volatile bool _isClosing;

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>True where clients have to ask for a WebSocket.</summary>
    public bool IsWebSocket => isWebSocket;

    /// <summary>Accepts until the token or the socket ends; <paramref name="accept"/> releases the pending place when it is done.</summary>
    public async Task RunAsync(Action<TcpChannel, bool> accept, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
                TcpChannel? channel = await TryAcceptAsync(cancellationToken).ConfigureAwait(false);
                if (channel is not null)
                {
                    accept(channel, isWebSocket);
                    continue;
                }

                // Out of file handles, most likely: the connection stays in the backlog until there is one.
                pending.Release();
                if (_isClosing)
                    return;
                await Task.Delay(PauseAfterFailure, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception ending) when (ending is OperationCanceledException or ObjectDisposedException)
        {
            // The swarm closes.
        }
    }

    public void Dispose()
    {
        // Closing aborts the accept under way, which is no failure then.
        _isClosing = true;
        socket.Dispose();
    }

    private async ValueTask<TcpChannel?> TryAcceptAsync(CancellationToken cancellationToken)
    {
        Socket? accepted = null;
        try
        {
            accepted = await socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
            return new TcpChannel(accepted);
        }
        catch (SocketException failure)
        {
            if (!_isClosing)
                LogMessages.AcceptFailed(logger, failure.SocketErrorCode.ToString());
            accepted?.Dispose();   // it may be gone again before its address was asked for
            return null;
        }
    }
}
