using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Transports;

/// <summary>Opens and accepts TCP connections for multiaddrs.</summary>
internal static class TcpTransport
{
    private const int Backlog = 512;

    /// <summary>Connects; null where nobody answers or the name is unknown. Cancelling throws.</summary>
    public static async ValueTask<TcpChannel?> TryConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out IPAddress? literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null;
        }

        foreach (IPAddress address in addresses)
        {
            Socket? socket = null;
            try
            {
                socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);   // throws where the machine has no IPv6
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                return new TcpChannel(socket);
            }
            catch (SocketException)
            {
                socket?.Dispose();
            }
            catch (OperationCanceledException)
            {
                socket?.Dispose();
                throw;
            }
        }

        return null;
    }

    /// <summary>Listens on the address; port 0 takes any free port.</summary>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public static Socket Listen(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses a listener is reachable at: its own, or each of the machine's where it listens on all of them.</summary>
    public static IReadOnlyList<Multiaddress> Reachable(IPEndPoint local, bool isWebSocket)
    {
        if (!local.Address.Equals(IPAddress.Any) && !local.Address.Equals(IPAddress.IPv6Any))
            return [Multiaddress.FromEndPoint(local, isWebSocket)];

        var addresses = new List<Multiaddress>();
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus == OperationalStatus.Down)
                continue;

            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                // Link-local IPv6 addresses mean nothing without this machine's name of the link.
                if (unicast.Address.AddressFamily == local.AddressFamily && !unicast.Address.IsIPv6LinkLocal)
                    addresses.Add(Multiaddress.FromEndPoint(new IPEndPoint(unicast.Address, local.Port), isWebSocket));
            }
        }

        return addresses;
    }
}
