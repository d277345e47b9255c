using System.Net.Sockets;

namespace P2PDB.Server.Transport;

/// <summary>The file by which clients of the same machine connect without TCP.</summary>
internal static class LocalSocket
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Binds a socket to the path, in place of one that nobody listens on any more.</summary>
    /// <exception cref="SocketException">Somebody does, or the path cannot be had.</exception>
    public static Socket Listen(string path, int backlog)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A socket is no regular file; one of those is somebody's, and stays.
            if (File.Exists(path) && !IsRegular(path) && !IsServed(path))
                File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, Everybody);   // accounts decide who gets in, as over TCP
            listener.Listen(backlog);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private static bool IsServed(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    // A socket cannot be opened as a file. Opened for both, a pipe does not wait for the other end.
    private static bool IsRegular(string path)
    {
        try
        {
            using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
