using System.Net.Sockets;

namespace P2PDB.Server.Transport;

/// <summary>Waits for bytes on the connections that no thread serves. Ten thousand of them cost no thread.</summary>
internal abstract class IdleWatch : IDisposable
{
    /// <summary>Makes the watch of this system.</summary>
    /// <param name="wake">Called, from any thread, once for each parked connection that has bytes or has ended.</param>
    public static IdleWatch Create(Action<ClientConnection> wake) =>
        OperatingSystem.IsLinux() ? new EpollIdleWatch(wake) : new PortableIdleWatch(wake);

    /// <summary>Parks the connection until its socket is readable or closed. The caller leaves it alone from now on.</summary>
    public abstract void Park(ClientConnection connection, Socket socket);

    public abstract void Dispose();
}
