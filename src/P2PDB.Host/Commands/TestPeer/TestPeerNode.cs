using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using P2PDB.Host.Options;
using P2PDB.Network.Discovery;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The parts of a running test peer, wired to its events and commands.</summary>
internal sealed class TestPeerNode : IAsyncDisposable
{
    private readonly TestPeerSettings _settings;
    private readonly EventWriter _events;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggerFactory;
    private readonly Random _dice;
    private readonly SigningKey _identity;
    private readonly Swarm _swarm;
    private readonly Gossipsub _gossip;
    private readonly PeerTarget _target;
    private readonly Publisher _publisher;
    private MdnsDiscovery? _discovery;

    public TestPeerNode(TestPeerSettings settings, EventWriter events, TimeProvider time, ILoggerFactory loggerFactory)
    {
        _settings = settings;
        _events = events;
        _time = time;
        _identity = settings.Seed is { } seed ? SigningKey.FromSeed(seed) : SigningKey.Generate();

        // The dice spread redials and pick mesh peers; the clock seeds them well enough.
        _dice = new Random(unchecked((int)time.GetTimestamp()));
        _loggerFactory = loggerFactory;
        _swarm = new Swarm(_identity, new SwarmOptions { EarlyMuxer = settings.EarlyMuxer }, time, NextDice(), loggerFactory);
        var gossipOptions = new GossipsubOptions
        {
            SigningPolicy = settings.Signs ? SigningPolicy.StrictSign : SigningPolicy.StrictNoSign,
            FloodPublish = settings.FloodPublish,
            // js-libp2p and this peer have to agree on what one message is; go-libp2p's way is another one.
            MessageId = settings.Signs ? MessageIds.FromKey : null,
        };
        _gossip = new Gossipsub(_swarm, _identity, gossipOptions, time, NextDice(), loggerFactory);
        _target = new PeerTarget(_swarm);
        _publisher = new Publisher(_gossip, time);

        var received = new ReceivedMessages(time);
        new ConnectionEvents(events).Observe(_swarm);
        new GossipEvents(events, received, settings.IsQuiet).Observe(_gossip);
        new ConnectionCommands(_swarm, _target).AddTo(Commands);
        new StreamCommands(_target, time).AddTo(Commands);
        new GossipCommands(_gossip, _publisher).AddTo(Commands);
        new StatsCommand(_swarm, received).AddTo(Commands);
        ServeStreams();
    }

    /// <summary>What scripts can ask of it.</summary>
    public CommandTable Commands { get; } = new();

    /// <summary>Listens, says so, and subscribes.</summary>
    /// <exception cref="SettingsException">It cannot listen.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (Multiaddress address in _settings.Listen)
        {
            try
            {
                await _swarm.ListenAsync(address, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is SocketException or ArgumentException)
            {
                throw new SettingsException($"cannot listen at {address}: {failure.Message}");
            }
        }

        if (_settings.Mdns)
            OpenDiscovery();

        _events.Write("listening", json =>
        {
            json.WriteNumber("contract", 1);
            json.WriteString("peer", _swarm.LocalPeer.ToString());
            ContractFields.WriteTexts(json, "addrs", _swarm.ListenAddresses);
            ContractFields.WriteTexts(json, "protocols", _swarm.Protocols);
            json.WriteNumber("pid", Environment.ProcessId);
        });
        _discovery?.Start();
        foreach (string topic in _settings.Topics)
            await _gossip.SubscribeAsync(topic, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does what the command line asks for beside commands: dials and publishes. Failures are events.</summary>
    public Task RunScheduledAsync(CancellationToken cancellationToken)
    {
        List<Task> tasks = [DialAllAsync(cancellationToken)];
        foreach (ScheduledPublication publication in _settings.Publications)
            tasks.Add(PublishAsync(publication, cancellationToken));
        return Task.WhenAll(tasks);
    }

    public async ValueTask DisposeAsync()
    {
        if (_discovery is not null)
            await _discovery.DisposeAsync().ConfigureAwait(false);
        await _gossip.DisposeAsync().ConfigureAwait(false);
        await _swarm.DisposeAsync().ConfigureAwait(false);
        _identity.Dispose();
    }

    private Random NextDice() => new(_dice.Next());

    private void ServeStreams()
    {
        var sink = new SinkProtocol(_events, _time);
        var halfClose = new HalfCloseProtocol(_events, _time);
        foreach (string protocol in _settings.Echo)
            _swarm.Handle(protocol, EchoProtocol.ServeAsync);
        foreach (string protocol in _settings.Sink)
            _swarm.Handle(protocol, sink.ServeAsync);
        foreach (string protocol in _settings.HalfClose)
            _swarm.Handle(protocol, halfClose.ServeAsync);
    }

    private void OpenDiscovery()
    {
        try
        {
            _discovery = new MdnsDiscovery(
                _swarm.LocalPeer, () => _swarm.ListenAddresses, _settings.MdnsInterval, _time, NextDice(), _loggerFactory);
        }
        catch (SocketException failure)
        {
            throw new SettingsException($"--mdns: {failure.Message}");
        }

        var connector = new PeerConnector(_swarm, _time, NextDice());
        new DiscoveryEvents(_events).Observe(_discovery, connector);
        _discovery.PeerDiscovered += connector.Take;
    }

    private async Task DialAllAsync(CancellationToken cancellationToken)
    {
        foreach (Multiaddress address in _settings.Dial)
        {
            DialOutcome outcome = await _swarm.DialAsync(address, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsConnected)
            {
                _events.WriteError("dial", outcome.Status.ToString(), $"no connection to {address}: {outcome.Status}",
                    json => json.WriteString("addr", address.ToString()));
            }
        }
    }

    private async Task PublishAsync(ScheduledPublication publication, CancellationToken cancellationToken)
    {
        await Task.Delay(ScheduledPublication.Delay, _time, cancellationToken).ConfigureAwait(false);
        Func<int, byte[]> content = PublishedContent.FromText(publication.Text, publication.Count);
        _events.Write("published", await _publisher
            .PublishAsync(publication.Topic, content, publication.Count, publication.Pause, cancellationToken).ConfigureAwait(false));
    }
}
