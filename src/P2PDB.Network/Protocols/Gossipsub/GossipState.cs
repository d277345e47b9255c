using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What the parts of a router share: peers, topics, caches, scores, clock and dice. One owner.</summary>
internal sealed class GossipState
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Random _random;
    private readonly Dictionary<string, TopicState> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TopicState>.AlternateLookup<ReadOnlySpan<char>> _topicsByText;
    private readonly List<GossipPeer> _pending = [];

    public GossipState(PeerId local, GossipsubOptions options, TimeProvider time, Random random, GossipEvents events)
    {
        Local = local;
        Options = options;
        Events = events;
        _time = time;
        _start = time.GetTimestamp();
        _random = random;
        _topicsByText = _topics.GetAlternateLookup<ReadOnlySpan<char>>();
        Seen = new SeenCache(options.Mesh.SeenTtl);
        Unverified = new SeenCache(options.Mesh.SeenTtl, Limits.GossipUnverifiedCountMax);
        Cache = new MessageCache(options.Mesh.HistoryLength);
        Scores = new PeerScores(options.Score, topic => FindTopic(topic) is { IsSubscribed: true });
    }

    public PeerId Local { get; }

    public GossipsubOptions Options { get; }

    public MeshOptions Mesh => Options.Mesh;

    public GossipEvents Events { get; }

    public SeenCache Seen { get; }

    /// <summary>Messages dropped as their authors' keys are of kinds that this node cannot verify.</summary>
    public SeenCache Unverified { get; }

    public MessageCache Cache { get; }

    public PeerScores Scores { get; }

    public FramePool Frames { get; } = new();

    /// <summary>Peers by id.</summary>
    public Dictionary<PeerId, GossipPeer> Peers { get; } = [];

    /// <summary>All known topics.</summary>
    public IReadOnlyCollection<TopicState> Topics => _topics.Values;

    /// <summary>Topics this node subscribes to.</summary>
    public List<TopicState> OwnTopics { get; } = [];

    /// <summary>True if the message came, be it for nothing: it need not be asked for.</summary>
    public bool IsKnown(in MessageId id) => Seen.Contains(id) || Unverified.Contains(id);

    /// <summary>Time since the start.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>The time of day, from which sequence numbers start.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>Where signed peer records come from; null without any.</summary>
    public Func<PeerId, ReadOnlyMemory<byte>>? SignedRecordOf { get; set; }

    /// <summary>Heartbeats so far.</summary>
    public long Tick { get; set; }

    /// <summary>The score of a peer.</summary>
    public double ScoreOf(GossipPeer peer) => Scores.ValueOf(peer.Score);

    /// <summary>A known topic; null for others.</summary>
    public TopicState? FindTopic(string name) => _topics.GetValueOrDefault(name);

    /// <summary>A known topic by its UTF-8; null for others.</summary>
    public TopicState? FindTopic(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[Limits.GossipTopicLengthMax];
        return TryDecodeTopic(utf8, text, out int length) && _topicsByText.TryGetValue(text[..length], out TopicState? topic) ? topic : null;
    }

    /// <summary>A topic, known from now on; null for bytes that are none, and past the limit of topics.</summary>
    public TopicState? GetOrAddTopic(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[Limits.GossipTopicLengthMax];
        if (!TryDecodeTopic(utf8, text, out int length))
            return null;

        return _topicsByText.TryGetValue(text[..length], out TopicState? topic) ? topic
            : _topics.Count < Limits.GossipTopicCountMax ? GetOrAddTopic(new string(text[..length])) : null;
    }

    /// <summary>A topic of this node, known from now on.</summary>
    public TopicState GetOrAddTopic(string name)
    {
        if (!_topics.TryGetValue(name, out TopicState? topic))
            _topics.Add(name, topic = new TopicState(name));
        return topic;
    }

    /// <summary>Forgets a topic that nothing keeps.</summary>
    public void ForgetUnused(TopicState topic)
    {
        if (topic.IsUnused)
            _topics.Remove(topic.Name);
    }

    /// <summary>Where control items for a peer are collected until <see cref="Flush"/>.</summary>
    public RpcWriter PendingOf(GossipPeer peer)
    {
        if (!peer.IsPending)
        {
            peer.IsPending = true;
            _pending.Add(peer);
        }

        RpcWriter writer = peer.Pending ??= new RpcWriter();
        if (writer.Length > Limits.GossipRpcLengthMax / 2)
            Send(peer, writer);   // no single item is longer than the other half
        return writer;
    }

    /// <summary>Sends the control items collected.</summary>
    public void Flush()
    {
        foreach (GossipPeer peer in _pending)
        {
            peer.IsPending = false;
            RpcWriter writer = peer.Pending!;
            if (writer.Length > Limits.GossipIdleWriterLengthMax)
                peer.Pending = null;
            if (!writer.IsEmpty)
                Send(peer, writer);
        }

        _pending.Clear();
    }

    /// <summary>A random order.</summary>
    public void Shuffle<T>(List<T> list) => _random.Shuffle(CollectionsMarshal.AsSpan(list));

    /// <summary>A random index below the count.</summary>
    public int Pick(int count) => _random.Next(count);

    private static void Send(GossipPeer peer, RpcWriter writer)
    {
        OutgoingFrame frame = writer.TakeFrame();
        peer.Outbox.TryAddCertain(frame);
        frame.Release();
    }

    private static bool TryDecodeTopic(ReadOnlySpan<byte> utf8, Span<char> text, out int length)
    {
        length = 0;
        return utf8.Length is > 0 and <= Limits.GossipTopicLengthMax
            && Utf8.ToUtf16(utf8, text, out _, out length, replaceInvalidSequences: false) == OperationStatus.Done;
    }
}
