using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>One router of a <see cref="GossipNetwork"/> and what it told.</summary>
internal sealed class GossipNetworkNode
{
    public GossipNetworkNode(int index, int seed, GossipsubOptions options, TimeProvider time)
    {
        byte[] keySeed = new byte[32];
        keySeed[30] = (byte)(index >> 8);
        keySeed[31] = (byte)(index + 1);
        Key = SigningKey.FromSeed(keySeed);
        var events = new GossipEvents
        {
            MessageReceived = message =>
            {
                ReceivedCount++;
                if (!IsCounting)
                    Received.Add(Convert.ToHexString(message.Data.Span));
            },
            MeshChanged = MeshChanges.Add,
            PeersExchanged = Exchanged.AddRange,
            ValidationStarted = (pending, _) => Pending.Add(pending),
        };
        Router = new GossipRouter(Key, options, time, new Random(HashOf(seed, index)), events, CancellationToken.None);
    }

    public SigningKey Key { get; }

    public GossipRouter Router { get; }

    public PeerId Id => Router.Local;

    public List<string> Received { get; } = [];

    /// <summary>Peers that others named.</summary>
    public List<ExchangedPeer> Exchanged { get; } = [];

    /// <summary>Messages whose validators have not answered; the test does.</summary>
    public List<PendingValidation> Pending { get; } = [];

    /// <summary>Messages received, be their contents kept or not.</summary>
    public int ReceivedCount { get; private set; }

    /// <summary>Keeps no contents from now on.</summary>
    public bool IsCounting { get; set; }

    public List<MeshChange> MeshChanges { get; } = [];

    private static int HashOf(int seed, int index) => unchecked((seed * 1_000_003) + index);
}
