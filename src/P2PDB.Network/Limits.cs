namespace P2PDB.Network;

/// <summary>Every bound of this assembly, each with its reason. A remote peer can reach each of them and none grows past it.</summary>
public static class Limits
{
    /// <summary>Longest multiaddr accepted, bytes. Real ones stay under 200; relay addresses under 500.</summary>
    public const int MultiaddrLengthMax = 1_024;

    /// <summary>Most components of one multiaddr. A relayed WebSocket address has nine.</summary>
    public const int MultiaddrComponentCountMax = 16;

    /// <summary>Longest text of a peer id. Base58 decoding is quadratic, so the text is bounded before it is decoded.</summary>
    public const int PeerIdTextLengthMax = 128;

    /// <summary>Longest public key inside an identity multihash, as the peer-id specification sets it.</summary>
    public const int IdentityHashLengthMax = 42;

    /// <summary>Longest protobuf public key: RSA keys of 8,192 bits take about 1,100 bytes.</summary>
    public const int PublicKeyLengthMax = 2_048;

    /// <summary>Longest multistream message, bytes. Protocol ids are short; the reference implementations stop at 1,024.</summary>
    public const int MultistreamMessageLengthMax = 1_024;

    /// <summary>Protocols a remote may propose on one stream before we give up on it.</summary>
    public const int ProtocolProposalCountMax = 32;

    /// <summary>Longest HTTP head of a WebSocket upgrade, bytes. Those of libp2p take 300; a browser adds cookies and its own names.</summary>
    public const int UpgradeHeadLengthMax = 8_192;

    /// <summary>Largest Noise message, bytes: its length field has 16 bits.</summary>
    public const int NoiseMessageLengthMax = 65_535;

    /// <summary>Largest handshake payload accepted, bytes. A key, a signature and a list of muxers take a few hundred.</summary>
    public const int NoisePayloadLengthMax = 8_192;

    /// <summary>Muxers listed in one handshake. Two exist.</summary>
    public const int EarlyMuxerCountMax = 16;

    /// <summary>Longest identify message, bytes; the specification lets it be split, all fields together stay below this.</summary>
    public const int IdentifyMessageLengthMax = 64 * 1_024;

    /// <summary>Protocols or addresses taken from one identify message. More is not refused, just not kept.</summary>
    public const int IdentifyListCountMax = 256;

    /// <summary>Receive window a yamux stream starts with, bytes. Set by the yamux specification.</summary>
    public const int StreamWindowInitial = 256 * 1_024;

    /// <summary>Receive window a fast stream grows to, bytes: 1 Gbit/s at 128 ms. What a slow reader can make us hold per stream.</summary>
    public const int StreamWindowMax = 16 * 1_024 * 1_024;

    /// <summary>Received and not yet read bytes of one connection. A stream whose data would pass it is reset.</summary>
    public const int ConnectionReceivedLengthMax = 64 * 1_024 * 1_024;

    /// <summary>Received and not yet read bytes of all connections of a swarm together: what all remotes can make a node hold.</summary>
    public const int SwarmReceivedLengthMax = 256 * 1_024 * 1_024;

    /// <summary>Streams the remote may have open on one connection. The interop contract asks for 1,000 at least.</summary>
    public const int InboundStreamCountMax = 2_048;

    /// <summary>Streams we open on one connection.</summary>
    public const int OutboundStreamCountMax = 4_096;

    /// <summary>Payload of one yamux data frame we send, bytes. Small enough that streams take turns.</summary>
    public const int DataFrameLengthMax = 64 * 1_024;

    /// <summary>Bytes that may wait for the socket on one connection before writers wait. Two socket buffers' worth.</summary>
    public const int PendingOutputLengthMax = 256 * 1_024;

    /// <summary>Control frames may exceed <see cref="PendingOutputLengthMax"/> by this; a remote that provokes more is cut off.</summary>
    public const int PendingControlLengthMax = 256 * 1_024;

    /// <summary>Buffer the read loop of a connection decrypts into, bytes. Holds one full Noise message.</summary>
    public const int ReadBufferLength = 64 * 1_024;

    /// <summary>Connections of one swarm, both directions.</summary>
    public const int ConnectionCountMax = 1_024;

    /// <summary>Connections to one peer: simultaneous dials make two for a while; more are refused.</summary>
    public const int ConnectionsPerPeerMax = 4;

    /// <summary>Inbound connections that have not finished their handshake. More wait in the listener's backlog.</summary>
    public const int PendingUpgradeCountMax = 128;

    /// <summary>Peers whose addresses are remembered. Beyond it the oldest unconnected one is forgotten.</summary>
    public const int KnownPeerCountMax = 4_096;

    /// <summary>Addresses remembered per peer.</summary>
    public const int AddressesPerPeerMax = 16;

    /// <summary>Longest gossip RPC, bytes, without its length prefix: what gossipsub implementations agree on.</summary>
    public const int GossipRpcLengthMax = 1_024 * 1_024;

    /// <summary>
    /// Longest data of a published message, bytes: what fits into an RPC beside topic, author, signature and key, with room for fields
    /// to come.
    /// </summary>
    public const int GossipDataLengthMax = GossipRpcLengthMax - 4_096;

    /// <summary>Longest topic, bytes of UTF-8.</summary>
    public const int GossipTopicLengthMax = 256;

    /// <summary>Longest message id, bytes. Author and sequence number take 46, the longest usual hashes 64.</summary>
    public const int GossipMessageIdLengthMax = 64;

    /// <summary>Topics this node subscribes to: their announcement to a new peer is one RPC.</summary>
    public const int GossipOwnTopicCountMax = 1_024;

    /// <summary>Topics known at all, own ones and those of peers. Subscriptions of peers beyond it are ignored.</summary>
    public const int GossipTopicCountMax = 16_384;

    /// <summary>Topics one peer may subscribe to; more are ignored.</summary>
    public const int GossipTopicsPerPeerMax = 1_024;

    /// <summary>Messages remembered as seen. At 64 bytes an id and as much beside it 16 MiB; the oldest are forgotten first.</summary>
    public const int GossipSeenCountMax = 128 * 1_024;

    /// <summary>What a message frame is counted at beside its array, bytes: the object and its places in tables.</summary>
    public const int GossipFrameOverhead = 256;

    /// <summary>Bytes of memory of messages kept to answer IWANT. Past it the oldest are let go before their time.</summary>
    public const int GossipCacheLengthMax = 64 * 1_024 * 1_024;

    /// <summary>Messages whose validators have not answered yet. More are dropped: they come again by gossip.</summary>
    public const int GossipValidationCountMax = 1_024;

    /// <summary>Bytes of memory of such messages, with the same end: a thousand of the longest would take a gigabyte.</summary>
    public const int GossipValidationLengthMax = 64 * 1_024 * 1_024;

    /// <summary>
    /// Ids remembered of messages that this node cannot verify, so that it does not ask for them again. Apart from those seen, which they
    /// must not displace: anybody can make them up.
    /// </summary>
    public const int GossipUnverifiedCountMax = 16 * 1_024;

    /// <summary>Longest mDNS packet read, bytes; RFC 6762 sets it.</summary>
    public const int MdnsPacketLengthMax = 9_000;

    /// <summary>Longest mDNS packet written, bytes: one Ethernet frame, so that no fragment can get lost. Holds a dozen addresses.</summary>
    public const int MdnsAnswerLengthMax = 1_440;

    /// <summary>Questions and records of one mDNS message. Those of a libp2p peer are one for each address and one more.</summary>
    public const int MdnsRecordCountMax = 128;

    /// <summary>Addresses taken from one mDNS message.</summary>
    public const int MdnsAddressCountMax = 64;

    /// <summary>Discovered peers that are dialled at once. The others' turn comes with their next answer.</summary>
    public const int DiscoveryDialCountMax = 64;

    /// <summary>Pause between two mDNS questions.</summary>
    public static readonly TimeSpan MdnsInterval = TimeSpan.FromSeconds(10);

    /// <summary>Shortest time from the discovery of a peer to its dial: longer than an answer to it can be held back.</summary>
    public static readonly TimeSpan DiscoveryDialDelayMin = TimeSpan.FromSeconds(1.2);

    /// <summary>What is added to that by chance. Longer than a handshake, so that of two peers one is connected before the other dials.</summary>
    public static readonly TimeSpan DiscoveryDialDelaySpread = TimeSpan.FromSeconds(1);

    /// <summary>First pause before a discovered peer that did not answer is dialled again; it grows to <see cref="BackoffLast"/>.</summary>
    public static readonly TimeSpan DiscoveryBackoffFirst = TimeSpan.FromSeconds(5);

    /// <summary>Calls and RPCs waiting for the gossip's loop. Past it their callers and readers wait.</summary>
    public const int GossipInboxCount = 1_024;

    /// <summary>Bytes waiting to be written to one peer. Gossip fills a quarter of it, forwarded messages half, own messages all.</summary>
    public const int GossipQueueLengthMax = 8 * 1_024 * 1_024;

    /// <summary>Frames waiting to be written to one peer, with the same shares: small frames cost more than their bytes.</summary>
    public const int GossipQueueCountMax = 16 * 1_024;

    /// <summary>Bytes of message frames kept for reuse: as many as some busy seconds bring.</summary>
    public const int GossipIdleFrameLengthMax = 16 * 1_024 * 1_024;

    /// <summary>Longest array kept with a frame for reuse, bytes: larger ones go back to the pool that all share.</summary>
    public const int GossipIdleArrayLengthMax = 16 * 1_024;

    /// <summary>A peer's buffer for control items that grew past it is let go of after use, bytes.</summary>
    public const int GossipIdleWriterLengthMax = 16 * 1_024;

    /// <summary>Buffer that RPCs of one peer are read into, bytes. Grows for longer RPCs as they come and shrinks again.</summary>
    public const int GossipReadBufferLength = 16 * 1_024;

    /// <summary>Authors whose ids and keys are at hand. Others cost an allocation a message.</summary>
    public const int GossipAuthorCacheCount = 1_024;

    /// <summary>IHAVEs taken from one peer per heartbeat; as in go-libp2p.</summary>
    public const int GossipIHaveCountMax = 10;

    /// <summary>Messages named in one IHAVE, and asked of one peer per heartbeat; as in go-libp2p.</summary>
    public const int GossipIHaveLengthMax = 5_000;

    /// <summary>Messages that one peer may say per heartbeat it does not want; as in go-libp2p.</summary>
    public const int GossipIDontWantCountMax = 1_000;

    /// <summary>Heartbeats for which such a wish is remembered.</summary>
    public const int GossipIDontWantTicks = 3;

    /// <summary>Peers under back-off per topic. Beyond it peers are pruned without: only churn of thousands a minute gets there. Half of them for peers that say they leave.</summary>
    public const int GossipBackoffCountMax = 4_096;

    /// <summary>Scores of peers remembered, connected or not. Beyond it those that leave are forgotten at once.</summary>
    public const int GossipScoreCountMax = 8_192;

    /// <summary>Heartbeats between sweeps of what is over: back-offs, topics that nothing keeps.</summary>
    public const int GossipSweepTicks = 15;

    /// <summary>Attempts to open the gossip stream to one connected peer before it is given up until it connects again.</summary>
    public const int GossipOpenAttemptCountMax = 4;

    /// <summary>Longest signed record passed on in a PRUNE, bytes: a dozen addresses. Sixteen of them leave room in an RPC.</summary>
    public const int GossipExchangedRecordLengthMax = 2_048;

    /// <summary>Dials at once of peers that others named.</summary>
    public const int GossipExchangeDialCountMax = 4;

    /// <summary>Longest back-off that a peer can set us.</summary>
    public static readonly TimeSpan GossipBackoffMax = TimeSpan.FromHours(1);

    /// <summary>
    /// Time a peer may read nothing of what waits for it, or of a full queue less than an eighth, before its gossip stream is closed.
    /// </summary>
    public static readonly TimeSpan GossipStallTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Time a dial may take, from the first packet to an upgraded connection.</summary>
    public static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time an inbound connection has to finish its handshake. A silent one is dropped.</summary>
    public static readonly TimeSpan UpgradeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time both ends have to agree on a stream's protocol.</summary>
    public static readonly TimeSpan NegotiationTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// First pause between attempts to reach a peer that must stay connected: about what a node needs to restart, so that a
    /// restarted one is found at once, and one that stays away is asked rarely soon.
    /// </summary>
    public static readonly TimeSpan BackoffFirst = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest pause between such attempts.</summary>
    public static readonly TimeSpan BackoffLast = TimeSpan.FromMinutes(10);

    /// <summary>A connection that held this long proves the peer well: the back-off starts over.</summary>
    public static readonly TimeSpan BackoffForgetAfter = TimeSpan.FromSeconds(10);

    /// <summary>Pause between keep-alive pings of a connection.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(30);

    /// <summary>Time a keep-alive ping may stay unanswered before the connection counts as dead.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Time a graceful close may take before the socket is closed under it.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
}
