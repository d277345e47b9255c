// ONE LOOP OWNS THE ROUTER. Readers of streams lend it the RPCs that came, callers post calls, a timer posts heartbeats; writers take
// from the peers' queues. Nothing else touches the router, so it needs no locks and its events come one after the other.
using System.Text;
using Microsoft.Extensions.Logging;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Gossipsub 1.2, 1.1 and 1.0 over a swarm. All members may be called from any thread. Events run on the loop of the gossip: a handler
/// that takes long holds up all messages, and must not wait for a call to this class.
/// </summary>
public sealed class Gossipsub : IAsyncDisposable
{
    private readonly GossipsubOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closingToken;   // outlives its source
    private readonly RunningTasks _tasks = new();
    private readonly TaskCompletionSource _loopEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GossipInbox _inbox = new();
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly GossipRouter _router;
    private readonly PeerLinks _links;
    private readonly ExchangeDialer _exchange;
    private int _isDisposed;

    /// <summary>Starts to serve and use gossipsub on a swarm.</summary>
    /// <param name="swarm">The node's swarm; stays the caller's and must outlive the gossip.</param>
    /// <param name="identity">The swarm's key, which signs messages; stays the caller's and must outlive the gossip.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock of heartbeats, back-off and scores.</param>
    /// <param name="random">The dice of the mesh; used by the gossip's loop alone.</param>
    /// <param name="loggerFactory">Where the gossip logs.</param>
    public Gossipsub(
        PeerSwarm swarm, SigningKey identity, GossipsubOptions options, TimeProvider time, Random random, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(swarm);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        options.Mesh.Validate();
        options.Score.Validate();
        _options = options;
        _time = time;
        _logger = loggerFactory.CreateLogger("P2PDB.Network.Gossipsub");
        _closingToken = _closing.Token;
        _exchange = new ExchangeDialer(swarm, _tasks, _closingToken);
        var events = new GossipEvents
        {
            MessageReceived = message => Raise(MessageReceived, message),
            SubscriptionsChanged = OnSubscriptionsChanged,
            MeshChanged = change => Raise(MeshChanged, change),
            PeersExchanged = _exchange.Dial,
            ValidationStarted = OnValidationStarted,
        };
        _router = new GossipRouter(identity, options, time, random, events, _closingToken)
        {
            SignedRecordOf = peer => swarm.FindIdentity(peer)?.SignedPeerRecord ?? default,
        };
        _links = new PeerLinks(swarm, options, time, _tasks, _router, _inbox, _closingToken);
        _tasks.TryStart(RunAsync);
        _tasks.TryStart(BeatAsync);
        _links.Start();
    }

    /// <summary>Raised for each valid message of a subscribed topic when it arrives for the first time. Own messages are not raised.</summary>
    public event Action<GossipMessage>? MessageReceived;

    /// <summary>Raised when a peer told us of changed subscriptions.</summary>
    public event Action<PeerId, IReadOnlyList<SubscriptionChange>>? SubscriptionsChanged;

    /// <summary>Raised for each GRAFT and PRUNE that changed a mesh.</summary>
    public event Action<MeshChange>? MeshChanged;

    /// <summary>Sets or, with null, removes the validator of a topic.</summary>
    public Task SetValidatorAsync(string topic, GossipValidator? validator, CancellationToken cancellationToken = default)
    {
        CheckTopic(topic);
        return DoAsync(() => _router.SetValidator(topic, validator), cancellationToken);
    }

    /// <summary>Subscribes to a topic and grafts peers; does nothing if it is subscribed already.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Limits.GossipOwnTopicCountMax"/> topics are subscribed.</exception>
    public async Task SubscribeAsync(string topic, CancellationToken cancellationToken = default)
    {
        CheckTopic(topic);
        if (!await AskAsync(() => _router.TrySubscribe(topic), cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException($"No more than {Limits.GossipOwnTopicCountMax} topics can be subscribed.");
    }

    /// <summary>Ends the subscription of a topic and prunes its mesh; does nothing if it is not subscribed.</summary>
    public Task UnsubscribeAsync(string topic, CancellationToken cancellationToken = default)
    {
        CheckTopic(topic);
        return DoAsync(() => _router.Unsubscribe(topic), cancellationToken);
    }

    /// <summary>
    /// Publishes a message; the topic need not be subscribed. Waits while a recipient is behind by a whole queue: own messages are never
    /// dropped, and calls one after the other arrive in that order. A peer that reads nothing at all is let go of after a while.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="data">The content, <see cref="Limits.GossipDataLengthMax"/> bytes at most; borrowed until the task completes.</param>
    /// <param name="cancellationToken">Ends the waiting; the message was not sent then.</param>
    /// <returns>
    /// The number of peers it is sent to now; gossip may bring it to others. 0 as well for a message whose id was seen before.
    /// </returns>
    public async ValueTask<int> PublishAsync(string topic, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        CheckTopic(topic);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, Limits.GossipDataLengthMax, nameof(data));
        await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        MessageFrame? frame = null;
        try
        {
            while (true)
            {
                int recipientCount = 0;
                Task room = _links.WaitForRoomAsync();   // from before the attempt, so that no sign is missed
                bool isPublished = await AskAsync(Publish, CancellationToken.None).ConfigureAwait(false);
                if (isPublished)
                    return recipientCount;

                // Closing ends all queues, which is such a sign too.
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);

                bool Publish()
                {
                    frame ??= _router.Prepare(topic, data.Span)
                        ?? throw new InvalidOperationException("The message id function gives this message no id.");
                    return _router.TryPublish(frame, out recipientCount);
                }
            }
        }
        catch (OperationCanceledException) when (_closingToken.IsCancellationRequested)
        {
#pragma warning disable VSTHRD003 // The constructor began the loop, and nothing here holds a context.
            await _loopEnded.Task.ConfigureAwait(false);   // it may still read the data and share out the frame
#pragma warning restore VSTHRD003
            throw;
        }
        finally
        {
            frame?.Release();
            _publishing.Release();
        }
    }

    /// <summary>The peers in the mesh of a topic.</summary>
    public Task<IReadOnlyList<PeerId>> GetMeshPeersAsync(string topic, CancellationToken cancellationToken = default) =>
        AskAsync(() => _router.MeshPeers(topic), cancellationToken);

    /// <summary>The connected peers that subscribe to a topic.</summary>
    public Task<IReadOnlyList<PeerId>> GetSubscribersAsync(string topic, CancellationToken cancellationToken = default) =>
        AskAsync(() => _router.Subscribers(topic), cancellationToken);

    /// <summary>The score of a peer; 0 for one that is not known.</summary>
    public Task<double> GetScoreAsync(PeerId peer, CancellationToken cancellationToken = default) =>
        AskAsync(() => _router.ScoreOf(peer), cancellationToken);

    /// <summary>Stops serving and closes the gossip's streams; connections stay. The swarm must still be there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;

        _links.Stop();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _tasks.EndAsync(Limits.CloseTimeout, _time).ConfigureAwait(false);
        _closing.Dispose();
    }

    private static void CheckTopic(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        if (Encoding.UTF8.GetByteCount(topic) > Limits.GossipTopicLengthMax)
            throw new ArgumentException($"A topic has at most {Limits.GossipTopicLengthMax} bytes of UTF-8.", nameof(topic));
    }

    private async Task<T> AskAsync<T>(Func<T> ask, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closingToken.IsCancellationRequested, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closingToken);
        return await _inbox.AskAsync(ask, either.Token).ConfigureAwait(false);
    }

    private Task<bool> DoAsync(Action call, CancellationToken cancellationToken) => AskAsync(
        () =>
        {
            call();
            return true;
        },
        cancellationToken);

    private async Task RunAsync()
    {
        try
        {
            await foreach (GossipWork work in _inbox.Work.ReadAllAsync(_closingToken).ConfigureAwait(false))
            {
                if (_closingToken.IsCancellationRequested)
                    break;   // what was posted already is dropped: its callers have been told

                work.Call?.Invoke();
                work.Received?.Take(_router);
            }
        }
        catch (OperationCanceledException)
        {
            // The gossip closes.
        }
        catch (Exception failure)
        {
            LogMessages.GossipFailed(_logger, failure);
            await _closing.CancelAsync().ConfigureAwait(false);
        }

        _loopEnded.SetResult();
        _router.Close();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_options.Mesh.HeartbeatInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closingToken).ConfigureAwait(false))
            {
                _links.CloseStalled();
                await _inbox.PostAsync(_router.Heartbeat, _closingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The gossip closes.
        }
    }

    private void OnSubscriptionsChanged(PeerId peer, IReadOnlyList<SubscriptionChange> changes)
    {
        try
        {
            SubscriptionsChanged?.Invoke(peer, changes);
        }
        catch (Exception failure)
        {
            LogMessages.GossipHandlerFailed(_logger, failure);
        }
    }

    private void Raise<T>(Action<T>? handlers, T argument)
    {
        try
        {
            handlers?.Invoke(argument);
        }
        catch (Exception failure)
        {
            LogMessages.GossipHandlerFailed(_logger, failure);
        }
    }

    private void OnValidationStarted(PendingValidation pending, ValueTask<GossipVerdict> verdict)
    {
        if (!_tasks.TryStart(() => FinishAsync(pending, verdict)))
            pending.Frame.Release();
    }

    private async Task FinishAsync(PendingValidation pending, ValueTask<GossipVerdict> running)
    {
        GossipVerdict verdict;
        try
        {
            verdict = await running.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            verdict = GossipVerdict.Ignore;
            if (!_closingToken.IsCancellationRequested)
                LogMessages.GossipHandlerFailed(_logger, failure);
        }

        try
        {
            await _inbox.PostAsync(() => _router.Complete(pending, verdict), _closingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            pending.Frame.Release();
        }
    }
}
