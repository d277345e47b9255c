// Asks for peers every interval and answers others that ask. An answer goes to all, so all learn of this node by it; it waits a moment
// of random length, so that not all answer at once, and at most one goes out each second however often is asked. This node's own question
// comes back to it like another's: its answer then is how others hear of it without asking.
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Discovery;

/// <summary>Finds the libp2p peers of the local network, and is found by them.</summary>
public sealed class MdnsDiscovery : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPause = TimeSpan.FromSeconds(1);

    private readonly MdnsSocket _socket;
    private readonly Func<IReadOnlyList<Multiaddress>> _listenAddresses;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly DiscoveredPeers _peers;
    private readonly byte[] _peerName;
    private readonly SemaphoreSlim _asked = new(0, 1);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Opens the socket; nothing is sent before <see cref="Start"/>.</summary>
    /// <param name="localPeer">This node.</param>
    /// <param name="listenAddresses">Where this node listens now, each with its peer.</param>
    /// <param name="interval">Pause between two questions.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The dice of the name and of the pauses before answers; used by this object alone.</param>
    /// <param name="loggerFactory">Where it logs.</param>
    /// <exception cref="SocketException">Another program has the port of mDNS for itself.</exception>
    public MdnsDiscovery(
        PeerId localPeer, Func<IReadOnlyList<Multiaddress>> listenAddresses, TimeSpan interval, TimeProvider time, Random random,
        ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(localPeer);
        ArgumentNullException.ThrowIfNull(listenAddresses);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _listenAddresses = listenAddresses;
        _interval = interval;
        _time = time;
        _random = random;
        _logger = loggerFactory.CreateLogger("P2PDB.Network");
        _peers = new DiscoveredPeers(localPeer);
        _peerName = random.GetItems("abcdefghijklmnopqrstuvwxyz0123456789"u8, MdnsMessage.PeerNameLength);
        _socket = new MdnsSocket();
    }

    /// <summary>Raised for each answer of a peer, also of one that is known. Runs on the loop that receives: return soon.</summary>
    public event Action<DiscoveredPeer>? PeerDiscovered;

    /// <summary>Begins to ask and to answer. Once.</summary>
    public void Start() => _running = Task.WhenAll(RunAsync(ReceiveAsync), RunAsync(AskAsync), RunAsync(AnswerAsync));

    /// <summary>Ends it and closes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(Limits.CloseTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _asked.Dispose();
        _sending.Dispose();
        _ending.Dispose();
    }

    /// <summary>What of the addresses others are told: not those that mean this machine alone, unless there are no others.</summary>
    internal static IReadOnlyList<Multiaddress> SelectAnnounced(IReadOnlyList<Multiaddress> addresses)
    {
        List<Multiaddress> reachable = [];
        foreach (Multiaddress address in addresses)
        {
            if (!address.IsLoopback)
                reachable.Add(address);
        }

        return reachable.Count > 0 ? reachable : addresses;
    }

    private async Task RunAsync(Func<Task> loop)
    {
        try
        {
            await loop().ConfigureAwait(false);
        }
        catch (Exception) when (_ending.IsCancellationRequested)
        {
            // The discovery ends.
        }
        catch (Exception failure)
        {
            LogMessages.MdnsFailed(_logger, failure);
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] packet = new byte[Limits.MdnsPacketLengthMax];
        List<Multiaddress> addresses = [];
        while (true)
        {
            int length;
            try
            {
                length = await _socket.ReceiveAsync(packet, _ending.Token).ConfigureAwait(false);
            }
            catch (SocketException failure)
            {
                // Said of this one packet, such as one that was too long.
                LogMessages.MdnsReceiveFailed(_logger, failure.SocketErrorCode.ToString());
                await Task.Delay(AnswerPause, _time, _ending.Token).ConfigureAwait(false);
                continue;
            }

            addresses.Clear();
            switch (MdnsMessage.Read(packet.AsSpan(0, length), addresses))
            {
                case MdnsKind.Query:
                    WantAnswer();
                    break;
                case MdnsKind.Response:
                    bool isLocalOnly = FindAnnounced() is [{ IsLoopback: true }, ..];
                    foreach (DiscoveredPeer peer in _peers.Take(addresses, withLoopback: isLocalOnly))
                        Raise(peer);
                    break;
                default:
                    break;
            }
        }
    }

    private void Raise(DiscoveredPeer peer)
    {
        try
        {
            PeerDiscovered?.Invoke(peer);
        }
        catch (Exception failure)
        {
            LogMessages.MdnsHandlerFailed(_logger, failure);
        }
    }

    // None where the system cannot say which networks it has; that passes.
    private IReadOnlyList<Multiaddress> FindAnnounced()
    {
        try
        {
            return SelectAnnounced(_listenAddresses());
        }
        catch (NetworkInformationException failure)
        {
            LogMessages.MdnsSendFailed(_logger, failure.Message);
            return [];
        }
    }

    private void WantAnswer()
    {
        if (_asked.CurrentCount == 0)   // one answer is for all who asked; only this loop releases
            _asked.Release();
    }

    private async Task AskAsync()
    {
        byte[] packet = new byte[Limits.MdnsAnswerLengthMax];
        int length = MdnsMessage.WriteQuery(packet);
        while (true)
        {
            await SendAsync(packet.AsMemory(0, length)).ConfigureAwait(false);
            await Task.Delay(_interval, _time, _ending.Token).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync()
    {
        byte[] packet = new byte[Limits.MdnsAnswerLengthMax];
        while (true)
        {
            await _asked.WaitAsync(_ending.Token).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(20, 120)), _time, _ending.Token).ConfigureAwait(false);
            IReadOnlyList<Multiaddress> addresses = FindAnnounced();
            if (addresses.Count == 0)
                continue;

            int length = MdnsMessage.WriteResponse(packet, _peerName, addresses);
            await SendAsync(packet.AsMemory(0, length)).ConfigureAwait(false);
            await Task.Delay(AnswerPause, _time, _ending.Token).ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> packet)
    {
        await _sending.WaitAsync(_ending.Token).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(packet, _ending.Token).ConfigureAwait(false);
        }
        catch (NetworkInformationException failure)
        {
            // The networks changed while they were looked up. The next packet finds the new ones.
            LogMessages.MdnsSendFailed(_logger, failure.Message);
        }
        finally
        {
            _sending.Release();
        }
    }
}
