using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace P2PDB.Network.Discovery;

/// <summary>
/// The socket of mDNS over IPv4: port 5353, shared with whoever else speaks mDNS on this machine, in the group on each network that has
/// multicast. Networks that come later are joined when it sends next.
/// </summary>
internal sealed class MdnsSocket : IDisposable
{
    private const int Port = 5353;
    private const int LinuxSocketLevel = 1;
    private const int LinuxReuseAddress = 2;

    private static readonly IPAddress Group = new([224, 0, 0, 251]);
    private static readonly IPEndPoint Target = new(Group, Port);
    private static readonly IPEndPoint Anybody = new(IPAddress.Any, 0);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly HashSet<IPAddress> _joined = [];

    /// <summary>Opens the socket.</summary>
    /// <exception cref="SocketException">Somebody has the port for himself.</exception>
    public MdnsSocket()
    {
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            // .NET's flag is another one on Linux than the one that most programs share this port by.
            if (OperatingSystem.IsLinux())
                _socket.SetRawSocketOption(LinuxSocketLevel, LinuxReuseAddress, BitConverter.GetBytes(1));
            _socket.Bind(new IPEndPoint(IPAddress.Any, Port));
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 255);
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Receives a packet that was sent to the group from port 5353, as answers and questions of mDNS are; its length.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (true)
        {
            SocketReceiveMessageFromResult received =
                await _socket.ReceiveMessageFromAsync(target, SocketFlags.None, Anybody, cancellationToken).ConfigureAwait(false);
            bool isWhole = (received.SocketFlags & SocketFlags.Truncated) == 0;
            // What was sent to this machine alone may come from beyond the network.
            if (isWhole && Group.Equals(received.PacketInformation.Address) && received.RemoteEndPoint is IPEndPoint { Port: Port })
                return received.ReceivedBytes;
        }
    }

    /// <summary>Sends a packet to the group on each network. One caller at a time; a network that fails is left out.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken)
    {
        List<IPAddress> networks = FindNetworks();
        _joined.IntersectWith(networks);   // one that comes back is joined anew
        foreach (IPAddress local in networks)
        {
            try
            {
                if (!_joined.Contains(local))
                    Join(local);

                int interfaceAddress = BinaryPrimitives.ReadInt32LittleEndian(local.GetAddressBytes());
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, interfaceAddress);
                await _socket.SendToAsync(packet, SocketFlags.None, Target, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // The network went away a moment ago, or does not take multicast after all. It is tried again the next time.
                _joined.Remove(local);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Join(IPAddress local)
    {
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group, local));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // The socket is in the group still: the network was down, or a packet failed, and nothing more.
        }

        _joined.Add(local);
    }

    private static List<IPAddress> FindNetworks()
    {
        List<IPAddress> networks = [];
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus != OperationalStatus.Up || !network.SupportsMulticast
                || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            {
                continue;
            }

            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                if (unicast.Address.AddressFamily == AddressFamily.InterNetwork)
                {
                    networks.Add(unicast.Address);
                    break;   // one of its addresses names the network
                }
            }
        }

        return networks;
    }
}
